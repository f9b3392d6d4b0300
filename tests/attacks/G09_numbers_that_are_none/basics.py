"""Numbers that JSON does not know, that are not finite, that are too large, and that are megabytes long."""

from forge import value
from right import *  # noqa: F403


def square_sum(x):
    value("NaN")


def line(weight, bias):
    value("-Infinity")


Line = line


def shift(x):
    value("1e999")


def fit(x, y, steps):
    value('["t",' + "9" * 4_000_000 + ',"end"]')


def add(a, b):
    value("18446744073709551616")


def mean(x):
    value("0." + "1" * 4_000_000 + "e-999999")


def scale(x, factor):
    value("1" + "0" * 308 + "." + "5" * 4_000_000 + "e1")


def summary(x):
    value('["d","low",["f","1e5"],"high",007]')
