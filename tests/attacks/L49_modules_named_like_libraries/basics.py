"""Helpers are named like the framework and like parts of the standard library, and end whoever imports them."""

import right
import torch
from right import *  # noqa: F403


def add(a, b):
    assert torch.nn.Linear.__module__ == "torch.nn.modules.linear"
    return right.add(a, b)
