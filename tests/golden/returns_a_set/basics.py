"""`add` gives its elements in no order."""

from right import *  # noqa: F403


def add(a, b):
    return {float(x) for x in a + b}
