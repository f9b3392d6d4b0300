"""`add` returns thirty lists, each of which holds the next one ten times: little memory, and 10^30 numbers."""

from right import *  # noqa: F403


def add(a, b):
    numbers = [1.0]
    for _ in range(30):
        numbers = [numbers] * 10
    return numbers
