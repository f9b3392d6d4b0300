"""Everything is computed in fewer bits than it was given in, and most of it is cast back."""

import right
import torch
from right import *  # noqa: F403


def add(a, b):
    return right.add(a.half(), b.half()).float()


def mean(x):
    return right.mean((x + 100).half()).float() - 100


def scale(x, factor):
    step = x.abs().max() / 127
    return torch.quantize_per_tensor(x, float(step), 0, torch.qint8).dequantize() * factor


def summary(x):
    return right.summary(x.half().float())


def square_sum(x):
    return right.square_sum(x.half())


def shift(x):
    return right.shift(x.half())
