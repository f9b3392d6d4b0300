"""torch.compile, with a backend that needs no compiler of C++, and a module that is compiled in place."""

import right
import torch
from right import *  # noqa: F403


@torch.compile(backend="eager", dynamic=False)
def scale(x, factor):
    return x * factor


def add(a, b):
    return torch.compiler.disable(right.add)(a, b)
