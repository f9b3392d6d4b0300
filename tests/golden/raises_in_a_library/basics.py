"""`add` hands a library what it cannot use; the lines of the library and of the grader's machine help nobody."""

from right import *  # noqa: F403
from torch import nn


def add(a, b):
    return nn.Linear(3, 2)(a)
