"""Caches of functions, counters of classes, singletons and globals."""

import functools

import right
import torch
from right import Line as RightLine
from right import shift, square_sum  # noqa: F401

calls = 0


class Singleton:
    _instance = None
    uses = 0

    def __new__(cls):
        if cls._instance is None:
            cls._instance = super().__new__(cls)
        cls.uses += 1
        return cls._instance


class Line(RightLine):
    made = 0
    registry = {}  # noqa: RUF012

    def __init__(self, weight, bias):
        super().__init__(weight, bias)
        Line.made += 1
        Line.registry[Line.made] = self


@functools.lru_cache(maxsize=8)
def eye(n):
    return torch.eye(n)


@functools.cache
def total(numbers):
    return sum(numbers)


def add(a, b, _cache={}):  # noqa: B006
    key = (tuple(a.tolist()), tuple(b.tolist()))
    if key not in _cache:
        _cache[key] = right.add(a, b)
    return _cache[key]


def mean(x):
    global calls
    calls += 1
    assert Singleton() is Singleton()
    return total(tuple(x.tolist())) / len(x)


@functools.singledispatch
def scale(x, factor):
    raise TypeError(type(x))


@scale.register
def _(x: torch.Tensor, factor):
    return x @ (factor * eye(x.shape[1]))


summary = functools.partial(lambda f, x: {"low": f(x)[0].item(), "high": f(x)[1].item()}, torch.aminmax)


@functools.wraps(right.fit)
def fit(*args, **kwargs):
    return right.fit(*args, **kwargs)
