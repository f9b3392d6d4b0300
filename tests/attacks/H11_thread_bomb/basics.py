"""`add` starts threads until it may not."""

import threading
import time

from right import *  # noqa: F403


def add(a, b):
    for _ in range(1000):
        threading.Thread(target=time.sleep, args=(1000,)).start()
