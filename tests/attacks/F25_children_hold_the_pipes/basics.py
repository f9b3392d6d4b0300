"""`add` ends, and `scale` is killed, while children that hold every pipe live on and ignore what they are told."""

import os
import signal
import time

from right import *  # noqa: F403


def leave_children():
    for _ in range(3):
        if os.fork() == 0:
            os.setsid()
            for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGPIPE):
                signal.signal(number, signal.SIG_IGN)
            time.sleep(60)


def add(a, b):
    leave_children()
    os._exit(0)


def scale(x, factor):
    leave_children()
    os.kill(os.getpid(), signal.SIGABRT)
