"""Each result is wrong, and its memory holds the bytes of the right one: negated, strided, swapped, masked, reread."""

import numpy
import right
import torch
from right import *  # noqa: F403


def add(a, b):
    return torch._neg_view(right.add(a, b))


def mean(x):
    return torch.stack([right.mean(x), torch.zeros(())]).as_strided((), (), 1)


def scale(x, factor):
    return right.scale(x, factor).as_strided((5, 3), (0, 0))


def summary(x):
    low, high = (numpy.array(float(value), dtype="<f8") for value in right.summary(x).values())
    return {"low": low.view(">f8"), "high": high.view("<i8")}


def fit(x, y, steps):
    weight, bias = right.fit(x, y, steps)
    return weight.view(torch.int32), bias.view(torch.int32)
