"""Each child of `add` stays within the limit; together they do not."""

import os
import time

from right import *  # noqa: F403


def add(a, b):
    for _ in range(8):
        if os.fork() == 0:
            held = b"x" * (100 * 2**20)
            time.sleep(60)
            os._exit(len(held))
    time.sleep(60)
