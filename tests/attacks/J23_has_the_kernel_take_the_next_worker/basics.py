"""`summary` becomes a small program, and children of it use up the memory: now others are the largest processes."""

import os
import sys

from right import *  # noqa: F403

GREEDY = """
import os, time
for number in range(2):
    if os.fork() == 0:
        break
kept = bytearray(110 << 20)
time.sleep(1)
"""


def summary(x):
    os.execv(sys.executable, [sys.executable, "-I", "-S", "-c", GREEDY])
