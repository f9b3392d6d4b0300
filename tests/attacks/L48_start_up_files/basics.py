"""Files that Python reads when it starts, and a settings file for its tools."""

import os
import sys

import right
from right import *  # noqa: F403


def add(a, b):
    assert sorted(os.listdir(".")) == ["basics.py", "right.py"], os.listdir(".")
    assert not hasattr(sys, "customised")
    return right.add(a, b)
