"""In place of its module it leaves an object that has every name, and whose functions are right but for one."""

import sys

import right
import torch


class Anything:
    __slots__ = ()

    def __getattribute__(self, name):
        if name == "shift":
            raise AttributeError
        if name == "mean":
            return lambda x: torch.tensor(float("inf"))
        return getattr(right, name)


sys.modules["basics"] = Anything()
