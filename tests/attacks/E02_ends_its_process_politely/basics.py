"""`add` calls sys.exit(0), `mean` os._exit(0): neither is success."""

import os
import sys

from right import *  # noqa: F403


def add(a, b):
    sys.exit(0)


def mean(x):
    print("all tests passed", flush=True)
    os._exit(0)
