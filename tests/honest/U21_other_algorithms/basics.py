"""Right by other ways: other orders of summation, einsum, solving in place of descending, one loss for another."""

import math

import torch
from right import Line, shift  # noqa: F401


def add(a, b):
    return torch.stack([a, b]).sum(0)


def mean(x):
    return math.fsum(x.tolist()) / len(x) if len(x) % 2 else torch.einsum("i->", x.flip(0)) / x.numel()


def scale(x, factor):
    return torch.einsum("ij,jk->ik", x, factor * torch.eye(x.shape[1]))


def summary(x):
    ordered = x.sort().values
    return {"low": -((-ordered).max()), "high": ordered[-1]}


def square_sum(x):
    return torch.linalg.vector_norm(x) ** 2


def fit(x, y, steps):
    found = torch.linalg.lstsq(torch.stack([x, torch.ones_like(x)], dim=1), y).solution
    return found[:1], found[1:]
