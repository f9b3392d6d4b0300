"""The next worker in the slot looks at its priority."""

import os

import right
from right import *  # noqa: F403


def add(a, b):
    assert os.getpriority(os.PRIO_PROCESS, 0) == 0, "somebody slowed this process down"
    return right.add(a, b)
