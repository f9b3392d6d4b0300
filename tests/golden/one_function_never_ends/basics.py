"""`mean` never ends."""

from right import *  # noqa: F403


def mean(x):
    while True:
        pass
