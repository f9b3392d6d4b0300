"""`add` returns a list that it is in."""

from right import *  # noqa: F403


def add(a, b):
    numbers = [1.0]
    numbers.append(numbers)
    return numbers
