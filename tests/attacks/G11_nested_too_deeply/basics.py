"""Values that are nested deeper than a stack, deeper than allowed, and just not."""

from forge import value
from right import *  # noqa: F403

MANY = 4_000_000


def nested(depth, inside="1.0", tag='"l",'):
    return f"[{tag}" * depth + inside + "]" * depth


def square_sum(x):
    value("[" * MANY)


def line(weight, bias):
    value(nested(33))


Line = line


def shift(x):
    value(nested(MANY // 12))


def fit(x, y, steps):
    value(nested(40, tag='"d","",'))


def add(a, b):
    value(nested(30))


def mean(x):
    value("[" + "[]," * (MANY // 6) + "[]]")


def scale(x, factor):
    value('["l"' + "," + ",".join(['["l"]'] * 100_000) + "]")


def summary(x):
    value('["d"' + "".join(f',"{number}",[]' for number in range(100_000)) + "]")
