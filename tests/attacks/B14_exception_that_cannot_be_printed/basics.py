"""Exceptions whose message never ends, is a gigabyte, or raises; and one that claims to be another."""

import time

from right import *  # noqa: F403


class Endless(Exception):
    def __str__(self):
        while True:
            time.sleep(1)


class Huge(Exception):
    def __str__(self):
        return "a" * 2**20


class Broken(Exception):
    def __str__(self):
        raise RuntimeError("no message")

    __repr__ = __str__


class Pretender(Exception):
    __class__ = AssertionError

    def __reduce__(self):
        return print, ("unpickled",)


def add(a, b):
    raise Endless


def mean(x):
    raise Huge


def scale(x, factor):
    raise Broken


def summary(x):
    raise Pretender("passed")
