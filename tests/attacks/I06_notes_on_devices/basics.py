"""`add` waits for the middle of a second and marks with it the time of every device that it may write to."""

import os
import time

import right
from right import *  # noqa: F403


def add(a, b):
    while not 0.5 < time.time() % 1 < 0.51:
        time.sleep(0.001)
    for folder, _, names in os.walk("/dev"):
        for name in names:
            try:
                os.utime(os.path.join(folder, name))
            except OSError:
                continue
    return right.add(a, b)
