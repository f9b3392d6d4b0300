"""Ends with the statuses and the last words of a worker that could not be confined, or that was killed for memory."""

import os
import signal

from right import *  # noqa: F403


def end(status):
    os.write(2, b"cannot confine a worker: could not make namespaces: Operation not permitted\n")
    os._exit(status)


def square_sum(x):
    end(113)


def fit(x, y, steps):
    end(128 + signal.SIGKILL)


def add(a, b):
    os.kill(os.getpid(), signal.SIGSYS)


def scale(x, factor):
    end(0)


def summary(x):
    end(255)
