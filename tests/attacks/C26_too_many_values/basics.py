"""`add` returns 300 000 short strings: few bytes, many values."""

from right import *  # noqa: F403


def add(a, b):
    return ["a"] * 300_000
