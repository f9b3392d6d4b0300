"""`add` tries to raise each of its limits, for itself and for its children, and its priority."""

import ctypes
import os
import resource

import right
from right import *  # noqa: F403

HELD = ("CORE", "FSIZE", "NOFILE", "NPROC", "AS", "MEMLOCK", "MSGQUEUE")


def fails(attempt, *args):
    try:
        attempt(*args)
    except (OSError, ValueError):
        return
    raise AssertionError(args)


def add(a, b):
    everything = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
    for name in HELD:
        number = getattr(resource, f"RLIMIT_{name}")
        soft, hard = resource.getrlimit(number)
        assert hard != resource.RLIM_INFINITY, name
        for process in (0, os.getpid()):
            fails(resource.prlimit, process, number, everything)
            fails(resource.prlimit, process, number, (soft, hard + 1))
        child = os.fork()
        if child == 0:
            resource.setrlimit(number, (0, hard))
            resource.setrlimit(number, (hard, hard))
            try:
                resource.setrlimit(number, everything)
            except (OSError, ValueError):
                os._exit(0)
            os._exit(1)
        assert os.waitpid(child, 0)[1] == 0, name
    assert os.nice(0) == 0
    fails(os.nice, -1)
    fails(os.sched_setscheduler, 0, os.SCHED_FIFO, os.sched_param(1))
    assert ctypes.CDLL(None, use_errno=True).mlockall(3) == -1, "its memory cannot be taken back"
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    return right.add(a, b)
