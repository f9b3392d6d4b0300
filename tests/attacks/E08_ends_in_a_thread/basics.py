"""Threads that exit, raise, interrupt the main thread, and go on after the answer."""

import _thread
import sys
import threading

import right
from right import *  # noqa: F403


def raising(error):
    raise error


def start(target, *args):
    thread = threading.Thread(target=target, args=args)
    thread.start()
    thread.join()


def add(a, b):
    start(sys.exit, 1)
    start(_thread.exit)
    start(raising, KeyboardInterrupt)
    start(raising, SystemExit("passed"))
    return right.add(a, b)


def mean(x):
    start(_thread.interrupt_main)
    return right.mean(x)


def scale(x, factor):
    threading.excepthook = sys.excepthook = sys.unraisablehook = sys.exit
    start(raising, ValueError)
    return right.scale(x, factor)
