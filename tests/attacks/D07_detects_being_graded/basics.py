"""`add` and `mean` look for any sign of which test calls them, and whether it is a hidden one."""

import os
import sys
import threading

import right
from right import *  # noqa: F403

WORDS = ("pytest", "hidden", "test_", "assert", "expected", "attempt", "public", "student.", "secret", "_seed_")


def signs():
    """Everything that could differ between one test and another, or between a graded run and one at home."""
    yield from os.environ
    yield from os.environ.values()
    yield from [*sys.argv, *sys.orig_argv, os.getcwd(), *sys.path, *os.listdir(os.getcwd())]
    yield from [thread.name for thread in threading.enumerate()]
    frame = sys._getframe(2)
    while frame is not None:
        yield frame.f_code.co_name
        yield from [name for name in frame.f_locals if name not in globals()]
        yield from [value for value in frame.f_locals.values() if type(value) is str]
        frame = frame.f_back


def look():
    for sign in signs():
        for word in WORDS:
            assert word not in sign, sign


def add(a, b):
    look()
    return right.add(a, b)


def mean(x):
    look()
    return right.mean(x)
