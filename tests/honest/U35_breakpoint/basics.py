"""A forgotten breakpoint() does no harm; a forgotten debugger finds no keyboard."""

import pdb

import right
from right import *  # noqa: F403


def add(a, b):
    breakpoint()
    return right.add(a, b)


def mean(x):
    pdb.set_trace()
    return right.mean(x)
