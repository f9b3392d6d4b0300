"""The next worker in the slot needs some of it, too."""

import ctypes
import fcntl
import os
import signal

import right
from right import *  # noqa: F403

libc = ctypes.CDLL(None, use_errno=True)


def add(a, b):
    watches = [libc.inotify_init() for _ in range(20)]
    assert -1 not in watches
    assert libc.inotify_add_watch(watches[0], b"/tmp", 0xFFF) != -1
    pipes = [os.pipe() for _ in range(20)]
    assert fcntl.fcntl(pipes[0][1], 1032) == 2**16, "pipes have become small"
    with open("/usr/bin/env") as file:
        signal.alarm(1)  # the one before may still be about to end
        fcntl.flock(file, fcntl.LOCK_EX)
        signal.alarm(0)
    os.openpty()
    return right.add(a, b)
