"""The next worker in the slot looks for notes on its standard input, and for a lock on what is behind it."""

import fcntl
import os

import right
from right import *  # noqa: F403


def add(a, b):
    flags = fcntl.fcntl(0, fcntl.F_GETFL)
    assert not flags & (os.O_NONBLOCK | os.O_APPEND), "a note in the flags"
    assert fcntl.fcntl(0, fcntl.F_GETSIG) == 0, "a note in the signal"
    assert fcntl.fcntl(0, fcntl.F_GETOWN) == 0, "a note in the owner"
    with open("/dev/null") as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return right.add(a, b)
