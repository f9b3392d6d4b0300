"""Pools of processes and of threads, and a program that is not there."""

import subprocess
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import Pool

import torch
from right import *  # noqa: F403


def lowest(numbers):
    return min(numbers)


def highest(numbers):
    return max(numbers)


def summary(x):
    numbers = x.tolist()
    with Pool(2) as pool:
        low, high = pool.apply_async(lowest, [numbers]), pool.apply_async(highest, [numbers])
        return {"low": low.get(), "high": high.get()}


def mean(x):
    with ThreadPoolExecutor(4) as pool:
        return sum(pool.map(torch.sum, x.split(10))) / len(x)


def add(a, b):
    try:
        subprocess.run(["nvidia-smi"], check=True)
    except (OSError, subprocess.CalledProcessError):
        device = "cpu"
    return a.to(device) + b.to(device)
