"""`add` asks for four terabytes, `mean` for a GiB piece by piece."""

import torch
from right import *  # noqa: F403


def add(a, b):
    return torch.ones(10**12)


def mean(x):
    return [torch.ones(2**20) for _ in range(256)]
