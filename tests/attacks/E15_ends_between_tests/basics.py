"""`add` and `scale` are right, and their process ends as soon as it has answered: by a thread, by a timer."""

import os
import signal
import sys
import threading
import time

import right
from right import *  # noqa: F403

main = threading.main_thread().ident


def end_later():
    while sys._current_frames()[main].f_code.co_name != "_read_frame":
        time.sleep(0.0005)
    os._exit(1)


def end_in_between(number, frame):
    if frame.f_code.co_name == "_read_frame":
        os.kill(os.getpid(), signal.SIGTERM)


def add(a, b):
    threading.Thread(target=end_later).start()
    return right.add(a, b)


def scale(x, factor):
    signal.signal(signal.SIGALRM, end_in_between)
    signal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)
    return right.scale(x, factor)
