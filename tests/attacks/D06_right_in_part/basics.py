"""All but the last element is right: the rest of it is left as it was, zero, or what was in memory."""

import right
import torch
from right import *  # noqa: F403


def add(a, b):
    total = torch.empty_like(a)
    total[:49] = (a + b)[:49]
    total[49] = total[0]
    return total


def mean(x):
    return x[:49].sum() / 49


def scale(x, factor):
    scaled = x.clone()
    scaled[:4] *= factor
    return scaled


def shift(x):
    return torch.cat([x[:-1] + 1, x[-1:]])


def square_sum(x):
    return right.square_sum(x[1:])


def summary(x):
    return {"low": float(x.min()), "high": float(x.sort().values[-2])}
