"""`add` sleeps, and would not be woken by a signal."""

import signal
import time

from right import *  # noqa: F403


def add(a, b):
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGALRM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    time.sleep(1000)
