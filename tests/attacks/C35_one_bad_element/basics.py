"""NaN, infinity and the largest number, each hidden in a single element."""

import right
import torch
from right import *  # noqa: F403


def add(a, b):
    total = right.add(a, b)
    total[17] = float("nan")
    return total


def scale(x, factor):
    scaled = right.scale(x, factor)
    scaled[4, 2] = -torch.inf
    return scaled


def shift(x):
    shifted = right.shift(x)
    shifted[0] = torch.finfo(x.dtype).max
    return shifted


def summary(x):
    return {"low": 1e308, "high": 2**63 - 1}


def fit(x, y, steps):
    return torch.tensor([float("nan")]), torch.tensor([float("nan")])
