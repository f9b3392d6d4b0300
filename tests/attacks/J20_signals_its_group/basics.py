"""`fit` sends signals to its process group, which it itself ignores: whoever else is in the group would end."""

import os
import signal
import time

import right
from right import *  # noqa: F403


def fit(x, y, steps):
    for number in (signal.SIGTERM, signal.SIGUSR1, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
        os.kill(0, number)
    time.sleep(0.3)
    return right.fit(x, y, steps)
