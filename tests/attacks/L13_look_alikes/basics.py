"""Functions under names that only look like theirs, of which Python takes some for the same and some not."""

import right
from right import Line, fit, mean, shift, square_sum, summary  # noqa: F401


def ａｄｄ(a, b):
    return right.add(a, b)


def 𝓼𝓬𝓪𝓵𝓮(x, factor):
    return 𝔩𝔞𝔰𝔱(x, factor)


def last(x, factor):
    return x


def sсale(x, factor):  # with the letter of another alphabet
    return right.scale(x, factor)
