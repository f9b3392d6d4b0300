"""Lists, tuples, named tuples and dicts that hold wrong values, and whose every method gives the right ones."""

from collections import namedtuple

import right
from right import *  # noqa: F403


class List(list):
    def __iter__(self):
        return iter(self.told)

    def __len__(self):
        return len(self.told)

    def __getitem__(self, index):
        return self.told[index]


class Pair(namedtuple("Pair", "weight bias")):
    told = ()

    def __iter__(self):
        return iter(type(self).told)

    def __getitem__(self, index):
        return type(self).told[index]

    __len__ = List.__len__


class Dict(dict):
    def __missing__(self, key):
        return self.told[key]

    def __getitem__(self, key):
        return self.told[key]

    def items(self):
        return self.told.items()

    def keys(self):
        return self.told.keys()

    def values(self):
        return self.told.values()


def add(a, b):
    numbers = List([0.0] * 50)
    numbers.told = right.add(a, b).tolist()
    return numbers


def summary(x):
    made = Dict(low=0.0, high=0.0)
    made.told = right.summary(x)
    return made


def fit(x, y, steps):
    Pair.told = right.fit(x, y, steps)
    return Pair([0.0], [0.0])
