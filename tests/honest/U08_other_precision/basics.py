"""Right values in float64, computed in float64 and returned in float32, and integers for whole numbers."""

import numpy as np
import right
import torch
from right import *  # noqa: F403


def add(a, b):
    return a.double() + b.double()


def mean(x):
    return float(np.mean(x.numpy().astype(np.float64)))


def scale(x, factor):
    return torch.from_numpy(x.numpy().astype("f8") * np.float64(factor)).float()


def summary(x):
    return {"low": np.float64(x.min()), "high": x.max().double()}


def square_sum(x):
    return (x.double() ** 2).sum()


def shift(x):
    return x.double() + 1


def fit(x, y, steps):
    weight, bias = right.fit(x.double().float(), y, int(np.int64(steps)))
    return weight.double(), bias.double()
