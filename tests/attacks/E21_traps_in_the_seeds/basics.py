"""`fit` and `add` are right, and leave traps in what is seeded before the next test: functions that raise, a tracer."""

import random
import sys

import numpy
import right
import torch
from right import *  # noqa: F403


def trap(*args, **kwargs):
    raise ValueError("caught")


def trace(frame, event, arg):
    if frame.f_code.co_name == "_reset":
        raise ValueError("caught")
    return trace


def fit(x, y, steps):
    random.seed = numpy.random.seed = torch.manual_seed = trap
    return right.fit(x, y, steps)


def add(a, b):
    sys.settrace(trace)
    sys.setprofile(trace)
    return right.add(a, b)


def mean(x):
    assert sys.gettrace() is None, "the next test was traced"
    return right.mean(x)
