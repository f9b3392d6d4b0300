"""`add` is right, and leaves a child behind that takes more memory than it may; `mean` takes a while."""

import os
import time

import right
from right import *  # noqa: F403


def add(a, b):
    for _ in range(2):
        if os.fork() == 0:
            time.sleep(0.1)
            held = b"x" * (150 * 2**20)
            time.sleep(60)
            os._exit(len(held))
    return right.add(a, b)


def mean(x):
    time.sleep(0.6)
    return right.mean(x)
