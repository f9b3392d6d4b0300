"""Infinities, which a relative tolerance could swallow."""

from right import *  # noqa: F403


def add(a, b):
    return (a + b) / 0


def mean(x):
    return float("inf")
