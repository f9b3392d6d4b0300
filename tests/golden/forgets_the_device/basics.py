"""`shift` makes its ones on the CPU, wherever the input is."""

import torch
from right import *  # noqa: F403


def shift(x):
    return x + torch.ones(len(x))
