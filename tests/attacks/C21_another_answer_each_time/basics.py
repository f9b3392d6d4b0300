"""`add` and `fit` are right but for noise that no seed repeats; `mean` is right in every second call."""

import itertools
import random

import right
import torch
from right import *  # noqa: F403

noise = random.SystemRandom()
calls = itertools.count()


def add(a, b):
    return right.add(a, b) + torch.tensor([noise.choice((-0.01, 0.01)) for _ in a])


def mean(x):
    return right.mean(x) + next(calls) % 2


def fit(x, y, steps):
    weight, bias = right.fit(x, y, steps)
    return weight + noise.uniform(0.1, 1), bias
