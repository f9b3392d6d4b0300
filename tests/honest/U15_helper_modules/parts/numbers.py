from right import add, summary  # noqa: F401

from .shapes import count


def mean(x):
    return x.sum() / count(x)
