"""Tensors that hold nothing and are computed when somebody looks: they raise, never end, or change each time."""

import itertools
import time

import torch
from right import *  # noqa: F403

looks = itertools.count()


class Lazy(torch.Tensor):
    @staticmethod
    def __new__(cls, shape, answer):
        made = torch.Tensor._make_wrapper_subclass(cls, shape)
        made.answer = answer
        return made

    @classmethod
    def __torch_dispatch__(cls, function, types, args=(), kwargs=None):
        return args[0].answer()


def refuse():
    raise RuntimeError("not now")


def add(a, b):
    return Lazy((50,), refuse)


def mean(x):
    return Lazy((), lambda: time.sleep(60))


def scale(x, factor):
    return Lazy((5, 3), lambda: torch.full((5, 3), float(next(looks))))


def summary(x):
    return {"low": Lazy((), x.min), "high": Lazy((), x.max)}
