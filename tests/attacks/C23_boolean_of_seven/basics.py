"""`mean` returns a boolean whose byte is 7."""

import torch
from right import *  # noqa: F403


def mean(x):
    return torch.tensor(7, dtype=torch.uint8).view(torch.bool)
