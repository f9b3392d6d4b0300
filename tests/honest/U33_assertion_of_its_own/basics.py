"""An assertion of its own, which an unusual input of one test breaks."""

import right
from right import *  # noqa: F403


def mean(x):
    assert len(x) > 1, "at least two numbers"
    return right.mean(x)
