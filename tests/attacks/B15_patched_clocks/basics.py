"""Every clock that it can reach stands still, timers and alarms are switched off, and `fit` sleeps for a minute."""

import ctypes
import datetime
import os
import signal
import time

from right import *  # noqa: F403

sleep = time.sleep


class Stopped(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return cls(2020, 1, 1)


for name in ("time", "monotonic", "perf_counter", "process_time", "thread_time"):
    setattr(time, name, lambda: 0.0)
    setattr(time, f"{name}_ns", lambda: 0)
time.sleep = lambda seconds: None
time.clock_gettime = lambda clock: 0.0
datetime.datetime = Stopped
os.environ["LD_PRELOAD"] = "libfaketime.so.1"
ctypes.CDLL(None).clock_settime(0, (ctypes.c_long * 2)(0, 0))


def fit(x, y, steps):
    signal.setitimer(signal.ITIMER_REAL, 0)
    for number in set(signal.valid_signals()) - {signal.SIGKILL, signal.SIGSTOP}:
        signal.signal(number, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
    sleep(60)
