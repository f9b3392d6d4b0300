"""Dataclasses whose fields raise, grow while they are read, hold themselves, or have names that are no text."""

from dataclasses import dataclass, make_dataclass

from right import *  # noqa: F403


@dataclass
class Raising:
    value: float

    def __getattribute__(self, name):
        if name == "value":
            raise LookupError("not for you")
        return super().__getattribute__(name)


class Growing:
    @property
    def more(self):
        numbers.append(Growing())
        return 0.0


numbers = [0.0, Growing()]
Growing.__dataclass_fields__ = {"more": None}


@dataclass
class Holding:
    left: object = None
    right: object = None


def add(a, b):
    return Raising(1.0)


def mean(x):
    holding = Holding()
    holding.left = holding
    return holding


def scale(x, factor):
    unnamed = make_dataclass("Unnamed", ["value"])
    unnamed.__dataclass_fields__ = {1: None}
    return unnamed(1.0)


def summary(x):
    return numbers
