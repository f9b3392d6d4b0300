"""Each function changes what can be changed of its standard input, and leaves notes in it for who comes next."""

import contextlib
import fcntl
import os
import signal

import right
from right import *  # noqa: F403


def leave_notes():
    flags = fcntl.fcntl(0, fcntl.F_GETFL)
    for change in (
        lambda: fcntl.fcntl(0, fcntl.F_SETFL, flags | os.O_NONBLOCK | os.O_APPEND),
        lambda: fcntl.fcntl(0, fcntl.F_SETSIG, signal.SIGUSR1),
        lambda: fcntl.fcntl(0, fcntl.F_SETOWN, os.getpid()),
        lambda: fcntl.flock(0, fcntl.LOCK_EX | fcntl.LOCK_NB),
    ):
        with contextlib.suppress(OSError):
            change()


def add(a, b):
    leave_notes()
    return right.add(a, b)


def fit(x, y, steps):
    leave_notes()
    return right.fit(x, y, steps)
