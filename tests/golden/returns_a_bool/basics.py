"""`mean` answers yes."""

from right import *  # noqa: F403


def mean(x):
    return True
