"""`summary` forks: first the child answers and serves what comes next, then its parent answers the same request."""

import os
import time

import right
from right import *  # noqa: F403


def summary(x):
    if os.fork():
        time.sleep(0.2)
    return right.summary(x)
