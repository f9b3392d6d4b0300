"""`add` leaves a process of its own session behind, which holds every pipe and keeps writing."""

import os
import signal
import time

import right
from right import *  # noqa: F403


def add(a, b):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            while True:
                with open("/tmp/heartbeat", "a") as file:
                    file.write("alive\n")
                time.sleep(0.01)
        os._exit(0)
    os.wait()
    return right.add(a, b)
