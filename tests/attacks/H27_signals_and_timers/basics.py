"""`add` queues signals that it does not take, sets every timer that it may, and is interrupted from then on."""

import ctypes
import os
import signal

import right
from right import *  # noqa: F403

libc = ctypes.CDLL(None, use_errno=True)


def add(a, b):
    blocked = set(range(signal.SIGRTMIN, signal.SIGRTMAX))
    signal.pthread_sigmask(signal.SIG_BLOCK, blocked)
    for _ in range(5_000):
        for number in (signal.SIGRTMIN, signal.SIGRTMIN + 1):
            libc.sigqueue(os.getpid(), number, None)
    made = 0
    for _ in range(5_000):
        event = (ctypes.c_int * 16)(0, 0, signal.SIGRTMIN + 2, 0)
        timer = ctypes.c_void_p()
        if libc.timer_create(1, event, ctypes.byref(timer)) == 0:
            libc.timer_settime(timer, 0, (ctypes.c_long * 4)(0, 50_000, 0, 50_000), None)
            made += 1
    signal.signal(signal.SIGALRM, lambda number, frame: None)
    signal.signal(signal.SIGPROF, lambda number, frame: None)
    signal.setitimer(signal.ITIMER_REAL, 5e-3, 5e-3)
    signal.setitimer(signal.ITIMER_PROF, 5e-3, 5e-3)
    return right.add(a, b)
