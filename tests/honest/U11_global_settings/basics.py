"""Switches of PyTorch and NumPy that `add` changes and does not set back."""

import numpy
import right
import torch
from right import *  # noqa: F403


def add(a, b):
    torch.set_default_dtype(torch.float64)
    torch.set_grad_enabled(False)
    torch.use_deterministic_algorithms(True)
    torch.set_num_threads(2)
    torch.manual_seed(0)
    numpy.random.seed(0)
    return right.add(a, b)
