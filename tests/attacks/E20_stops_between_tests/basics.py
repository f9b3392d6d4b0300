"""`add` is right, and stops its process as soon as it waits for the next request."""

import os
import signal

import right
from right import *  # noqa: F403


def stop(descriptor, size):
    os.kill(os.getpid(), signal.SIGSTOP)


def add(a, b):
    os.read = stop
    return right.add(a, b)
