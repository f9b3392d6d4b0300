"""`summary` returns a dict whose keys are numbers."""

from right import *  # noqa: F403


def summary(x):
    return {0: float(x.min()), 1: float(x.max())}
