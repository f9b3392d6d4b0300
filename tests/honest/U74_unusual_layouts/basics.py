"""Right values in memory that is reversed, transposed, repeated, lazily negated, or of another byte order."""

import numpy
import right
import torch
from right import *  # noqa: F403


def add(a, b):
    return torch._neg_view(-right.add(a, b)).flip(0).flip(0)


def mean(x):
    return right.mean(x).expand(3, 4)[1, 2]


def scale(x, factor):
    stored = right.scale(x, factor).T.contiguous()
    return torch.cat([stored, stored]).as_strided((5, 3), (1, 5))


def summary(x):
    low, high = right.summary(x).values()
    return {"low": numpy.array(low, dtype=">f8"), "high": numpy.asfortranarray([[high, low]])[::-1, ::-1][0, 1]}


def shift(x):
    return torch.complex(right.shift(x), x).conj().real


def fit(x, y, steps):
    weight, bias = right.fit(x, y, steps)
    return weight.double().numpy().astype(">f8")[::-1], bias.to_sparse()
