"""`add` starts a thread that computes for ever, and one that cannot be waited for."""

import threading
import time

import right
from right import *  # noqa: F403


def spin():
    while True:
        time.sleep(0.001)


def add(a, b):
    threading.Thread(target=spin, daemon=True).start()
    threading.Thread(target=spin, daemon=False).start()
    return right.add(a, b)
