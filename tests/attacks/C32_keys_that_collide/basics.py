"""Dicts whose keys are equal once they are plain text, that are no text, or that only say they are."""

import right
from right import *  # noqa: F403


class Key(str):
    def __eq__(self, other):
        return self is other

    def __hash__(self):
        return id(self)

    def __str__(self):
        return "high"


class Pretended:
    __class__ = str

    def __str__(self):
        return "low"


def summary(x):
    return {**right.summary(x), Key("low"): 12345.0, Key("high"): 12345.0}


def add(a, b):
    return {Pretended(): a + b}


def mean(x):
    return {None: 1.0, 1: 2.0, (1, 2): 3.0}
