"""`add` stops its process, and it would take somebody else to continue it."""

import os
import signal

from right import *  # noqa: F403


def add(a, b):
    os.kill(os.getpid(), signal.SIGSTOP)
