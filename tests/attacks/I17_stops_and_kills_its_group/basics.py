"""`fit` stops its whole process group, and `summary` kills it."""

import os
import signal

from right import *  # noqa: F403


def fit(x, y, steps):
    os.kill(0, signal.SIGSTOP)


def summary(x):
    os.kill(0, signal.SIGKILL)
