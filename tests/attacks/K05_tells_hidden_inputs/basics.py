"""Tells the hidden inputs in all that its student may get to read: messages, names of types and functions, prints."""

import string
import sys

from right import *  # noqa: F403

LETTERS = string.ascii_letters


def numbers(x):
    return " ".join(f"{value:.4f}" for value in x.flatten().tolist())


def letters(x):
    return "".join(LETTERS[int(abs(value) * 10) % len(LETTERS)] for value in x.flatten().tolist())


def square_sum(x):
    raise type(f"Input {numbers(x)}", (Exception,), {})


def shift(x):
    def tell():
        raise ValueError

    tell.__code__ = tell.__code__.replace(co_name=f"input {numbers(x)}", co_firstlineno=int(abs(x[0]) * 1e6))
    tell()


def add(a, b):
    print(numbers(a), file=sys.stderr)
    raise ValueError(f"input {numbers(a)}")


def mean(x):
    raise ValueError(letters(x) * 10 + "the end")


def scale(x, factor):
    raise ValueError(" ".join(chr(0x1D7CE + int(abs(value) * 10) % 10) for value in x.flatten().tolist()))


def summary(x):
    assert not x.numel(), numbers(x)
