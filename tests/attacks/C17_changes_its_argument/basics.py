"""`scale` gives the right result, and changes its argument on the way."""

from right import *  # noqa: F403


def scale(x, factor):
    return x.mul_(factor)
