"""Right values as lists, NumPy arrays and scalars, float64, a dataclass, a named tuple, a tensor that requires grad."""

from collections import namedtuple
from dataclasses import dataclass

import right
from right import *  # noqa: F403

Found = namedtuple("Found", "weight bias")


@dataclass
class Summary:
    high: float
    low: float


def add(a, b):
    return (a + b).tolist()


def mean(x):
    return x.double().numpy().mean()


def scale(x, factor):
    return (x.double() * factor).requires_grad_()


def summary(x):
    return Summary(high=x.numpy().max(), low=float(x.min()))


def square_sum(x):
    return right.square_sum(x.double())


def fit(x, y, steps):
    return Found(*right.fit(x, y, steps))
