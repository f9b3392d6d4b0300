"""It raises the limit of recursion and makes use of it; and its gradients go through five thousand steps."""

import sys

import right
import torch
from right import *  # noqa: F403

sys.setrecursionlimit(10**6)


def depth(n):
    return 0 if n == 0 else 1 + depth(n - 1)


def add(a, b):
    assert depth(20_000) == 20_000
    return right.add(a, b)


def square_sum(x):
    total = torch.zeros(())
    for _ in range(5_000):
        total = total + 0
    return total + right.square_sum(x)
