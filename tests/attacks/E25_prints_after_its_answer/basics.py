"""`add` is right, and leaves a child behind that prints without end; `mean` takes a while."""

import os
import time

import right
from right import *  # noqa: F403


def add(a, b):
    if os.fork() == 0:
        time.sleep(0.1)  # Until its parent has answered: what is printed before that is `add`'s own.
        while True:
            os.write(1, b"still adding\n" * 1000)
    return right.add(a, b)


def mean(x):
    time.sleep(0.3)
    return right.mean(x)
