"""`add` prints for ever."""

from right import *  # noqa: F403


def add(a, b):
    while True:
        print("still adding " * 100)
