"""Exceptions that are no Exception, have no traceback, hold a chain without end, or end whoever describes them."""

import builtins
import os

from right import *  # noqa: F403


class Untraceable(Exception):
    @property
    def __traceback__(self):
        raise SystemExit("no")


class Ending(BaseException):
    def __str__(self):
        os._exit(0)


class Text(str):
    def __str__(self):
        raise SystemExit("no")

    def __getitem__(self, index):
        return self


class Nested(Exception):
    def __str__(self):
        return Text("passed " * 1000)


def add(a, b):
    raise Untraceable


def mean(x):
    raise Ending


def scale(x, factor):
    raise Nested


def summary(x):
    error = ValueError("the last one")
    for number in range(100_000):
        error.__context__, error = KeyError(number), error
    error.__cause__ = error
    raise error


def shift(x):
    raise GeneratorExit


def fit(x, y, steps):
    builtins.str = builtins.type = builtins.len = None
    raise KeyboardInterrupt
