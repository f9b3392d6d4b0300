"""`add` leaves a default device behind."""

import right
import torch
from right import *  # noqa: F403


def add(a, b):
    torch.set_default_device("cuda")
    return right.add(a, b)


def mean(x):
    return (x * torch.ones(len(x))).mean()
