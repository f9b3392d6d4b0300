"""It asks PyTorch, NumPy and a pool for more threads than there are cores, and computes with all of them."""

import os
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import right
import torch
from right import *  # noqa: F403

os.environ["OMP_NUM_THREADS"] = "4"
torch.set_num_threads(4)
one = torch.ones(600, 600) @ torch.ones(600, 600) / 600


def add(a, b):
    big = torch.ones(2_000_000).add_(1).exp().sum()
    assert torch.isfinite(big) and np.isfinite(np.ones((300, 300)) @ np.ones((300, 300))).all()
    return right.add(a, b) * one[0, 0]


def mean(x):
    with ThreadPoolExecutor(4) as pool:
        return sum(pool.map(torch.sum, x.split(10))) / len(x)
