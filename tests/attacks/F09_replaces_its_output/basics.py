"""`add` closes what it would print to, `mean` puts something else in its place."""

import sys

import right
from right import *  # noqa: F403


def add(a, b):
    sys.stdout.close()
    return right.add(a, b)


def mean(x):
    sys.stdout = sys.stderr = None
    return right.mean(x)
