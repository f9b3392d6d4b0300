"""`add` computes with 64 threads of OpenMP, `mean` in a pool of 64."""

import concurrent.futures
import ctypes

import right
import torch
from right import *  # noqa: F403


def add(a, b):
    torch.set_num_threads(64)
    ctypes.CDLL(None).setenv(b"OMP_NUM_THREADS", b"64", 1)
    large = torch.ones(2**22)
    for _ in range(3):
        large = large * 1.5 + torch.exp(-large)
    return right.add(a, b)


def mean(x):
    with concurrent.futures.ThreadPoolExecutor(64) as pool:
        return sum(pool.map(float, x.repeat(100))) / 5000
