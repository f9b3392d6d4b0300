"""`mean` returns an integer of a million bits."""

from right import *  # noqa: F403


def mean(x):
    return 1 << 1000000
