"""`add` expands one element to four terabytes."""

import torch
from right import *  # noqa: F403


def add(a, b):
    return torch.zeros(1).expand(10**12)
