"""`add` leaves dead children unreaped, three at a time and more in total than it may have at once."""

import os

import right
from right import *  # noqa: F403


def add(a, b):
    for _ in range(10):
        if os.fork() == 0:
            for _ in range(3):
                if os.fork() == 0:
                    os._exit(0)
            os._exit(0)
        os.wait()
    return right.add(a, b)
