"""Numbers whose real part is right, with an imaginary part that no comparison of real numbers would see."""

import right
import torch
from right import *  # noqa: F403


def add(a, b):
    return torch.complex(right.add(a, b), torch.ones(50))


def mean(x):
    return complex(right.mean(x), 1e-3)


def summary(x):
    return {name: complex(value, float("nan")) for name, value in right.summary(x).items()}


def fit(x, y, steps):
    return torch.tensor([1j]), torch.tensor([0j])
