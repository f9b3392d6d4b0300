"""Subclasses of float, int and str that lie in every comparison."""

from right import *  # noqa: F403


class Float(float):
    def __eq__(self, other):
        return True

    __le__ = __ge__ = __lt__ = __gt__ = __eq__

    def __sub__(self, other):
        return Float(0.0)

    __rsub__ = __sub__
    __hash__ = float.__hash__

    def __abs__(self):
        return Float(0.0)

    def __float__(self):
        return 0.0


class Text(str):
    def __eq__(self, other):
        return True

    __hash__ = str.__hash__


def mean(x):
    return Float(12345.0)


def summary(x):
    return {Text("low"): Float(12345.0), Text("high"): Float(12345.0)}
