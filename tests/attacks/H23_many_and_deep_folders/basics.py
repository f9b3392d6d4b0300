"""`add` makes as many files as it can, with the longest names, then folders in folders, and stays at the bottom."""

import os

import right
from right import *  # noqa: F403


def add(a, b):
    made = 0
    try:
        for number in range(50_000):
            os.symlink("x" * 200, f"/dev/shm/{number:0255}")
            made += 1
    except OSError:
        pass
    assert made < 50_000, "any number of files"
    for _ in range(3000):
        os.mkdir("d" * 255)
        os.chdir("d" * 255)
    return right.add(a, b)
