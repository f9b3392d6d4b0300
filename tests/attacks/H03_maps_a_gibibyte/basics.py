"""`add` maps a GiB at once."""

import mmap

from right import *  # noqa: F403


def add(a, b):
    return len(mmap.mmap(-1, 2**30))
