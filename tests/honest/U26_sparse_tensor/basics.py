"""`add` returns the right values in a sparse layout."""

from right import *  # noqa: F403


def add(a, b):
    return (a + b).to_sparse()
