"""Exit statuses that mean something else to somebody: success, the sandbox's failure, want of memory, a time-out."""

import os

from right import *  # noqa: F403


def add(a, b):
    os._exit(113)


def mean(x):
    os._exit(137)


def scale(x, factor):
    os._exit(124)


def summary(x):
    os._exit(255)


def fit(x, y, steps):
    os._exit(5)
