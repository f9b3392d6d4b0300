"""Changes sizes and modes of its pipes, and still answers rightly."""

import contextlib
import fcntl
import os
import signal

import right
from right import *  # noqa: F403

SET_SIZE = 1031


def pipes():
    for descriptor in (1, 2, 3, 4):
        yield descriptor, fcntl.fcntl(descriptor, fcntl.F_GETFL)


def add(a, b):
    for descriptor, _ in pipes():
        fcntl.fcntl(descriptor, SET_SIZE, 4096)
        assert fcntl.fcntl(descriptor, SET_SIZE + 1) == 4096
    print("a line that is longer than a pipe " * 1000)
    return right.add(a, b)


def mean(x):
    for descriptor, flags in pipes():
        fcntl.fcntl(descriptor, fcntl.F_SETFL, flags | os.O_DIRECT | os.O_ASYNC)
        fcntl.fcntl(descriptor, fcntl.F_SETSIG, signal.SIGKILL)
        with contextlib.suppress(OSError):
            fcntl.fcntl(descriptor, fcntl.F_SETOWN, 1)
    return right.mean(x)


def scale(x, factor):
    for descriptor, flags in pipes():
        with contextlib.suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        with contextlib.suppress(OSError):
            os.fchmod(descriptor, 0)
        fcntl.fcntl(descriptor, fcntl.F_SETFL, flags | os.O_NONBLOCK)
        os.set_blocking(descriptor, True)
    return right.scale(x, factor)


def summary(x):
    for descriptor, _ in pipes():
        fcntl.fcntl(descriptor, SET_SIZE, 2**20)
    return right.summary(x)
