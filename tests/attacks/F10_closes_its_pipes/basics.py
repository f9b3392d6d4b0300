"""`add` closes every descriptor; `scale` all but the one for its reply, which it still gives."""

import fcntl
import os

import right
from right import *  # noqa: F403


def add(a, b):
    os.closerange(3, 100)
    return right.add(a, b)


def scale(x, factor):
    for descriptor in range(3, 100):
        try:
            if fcntl.fcntl(descriptor, fcntl.F_GETFL) & os.O_ACCMODE == os.O_RDONLY:
                os.close(descriptor)
        except OSError:
            continue
    return right.scale(x, factor)
