"""`add` gives NaN."""

from right import *  # noqa: F403


def add(a, b):
    return (a + b) * float("nan")
