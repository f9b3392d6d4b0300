"""Exceptions from deep inside a library, from the call itself, in groups and chains, and about the environment."""

import os

import torch
from right import Line, fit, square_sum  # noqa: F401


def add(a, b):
    return torch.nn.functional.linear(a, "b")


def mean():
    return 0


def scale(x, factor):
    try:
        torch.linalg.inv(x)
    except RuntimeError as error:
        raise ExceptionGroup("many", [error, ExceptionGroup("more", [error])]) from error


def summary(x):
    return os.environ[str(sorted(f"{name}={value}" for name, value in os.environ.items()))]


def shift(x):
    return eval("x +")
