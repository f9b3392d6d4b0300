"""As many values as may be sent, in the forms that take longest to put together."""

from right import *  # noqa: F403


def add(a, b):
    return [1, 1.0] * 99_000


def mean(x):
    return [[1.0]] * 10_000


def scale(x, factor):
    return [[[[[[[[]]]]]]]] * 2_000


def summary(x):
    return {"low": [[1.0], 1] * 5_000, "high": [True, 1.0, "a"] * 1_000}
