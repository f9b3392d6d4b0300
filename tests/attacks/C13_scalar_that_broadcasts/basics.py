"""`add` returns one number for all."""

from right import *  # noqa: F403


def add(a, b):
    return (a + b)[0]
