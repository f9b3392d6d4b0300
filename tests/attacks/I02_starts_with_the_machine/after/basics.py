"""The next worker in the slot looks into its home, and at what Python has started."""

import os
import sys

import right
from right import *  # noqa: F403


def add(a, b):
    home = os.path.expanduser("~")
    assert os.listdir(home) == [os.path.basename(os.getcwd())], os.listdir(home)
    assert not {"sitecustomize", "usercustomize"} & sys.modules.keys()
    return right.add(a, b)
