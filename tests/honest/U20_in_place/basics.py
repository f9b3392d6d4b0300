"""It works in place: on its own copies, and on what it was given where nobody forbids that."""

from right import Line, fit, mean, square_sum, summary  # noqa: F401


def add(a, b):
    a += b
    return a


def scale(x, factor):
    return x.clone().mul_(factor)


def shift(x):
    for i in range(len(x)):
        x[i] += 1
    return x
