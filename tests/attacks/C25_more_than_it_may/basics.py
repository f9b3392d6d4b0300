"""More than four MiB of numbers and of text."""

import torch
from right import *  # noqa: F403


def add(a, b):
    return torch.zeros(2**21)


def mean(x):
    return "a" * 2**23
