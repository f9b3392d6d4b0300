"""`add` forbids others to look at its memory and lies about its name, while its children hold more than they may."""

import ctypes
import os
import time

import right
from right import *  # noqa: F403

PR_SET_DUMPABLE, PR_SET_NAME = 4, 15
libc = ctypes.CDLL(None, use_errno=True)


def add(a, b):
    libc.prctl(PR_SET_NAME, b"\nRssAnon: 0\nPP", 0, 0, 0)
    libc.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
    for _ in range(3):
        if os.fork() == 0:
            libc.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
            kept = bytearray(100 << 20)
            time.sleep(1)
            os._exit(len(kept) % 2)
    for _ in range(3):
        os.wait()
    return right.add(a, b)
