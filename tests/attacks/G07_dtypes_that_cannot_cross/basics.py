"""Arrays and tensors of objects, dates, records, raw bytes, long doubles and floats of eight bits."""

import os

import numpy
import torch
from right import *  # noqa: F403


class Trap:
    def __reduce__(self):
        return os.system, ("touch /tmp/it-ran-outside",)


def shift(x):
    return numpy.array(["2020-01-01"] * 20, dtype="datetime64[s]")


def fit(x, y, steps):
    return torch.zeros(1).to(torch.float8_e4m3fn), torch.zeros(1)


def add(a, b):
    return numpy.array([Trap()] * 50, dtype=object)


def mean(x):
    return numpy.array([b"0.0"], dtype="V8")


def scale(x, factor):
    return numpy.zeros((5, 3), dtype=[("value", "f4"), ("more", "O")])


def summary(x):
    return {"low": numpy.longdouble(x.min()), "high": numpy.array("1", dtype="U1")}
