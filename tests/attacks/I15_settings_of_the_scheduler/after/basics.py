"""The next worker in the slot looks at how it is scheduled."""

import os

import right
from right import *  # noqa: F403


def add(a, b):
    assert os.getpriority(os.PRIO_PROCESS, 0) == 0, "somebody slowed this process down"
    assert os.sched_getscheduler(0) == os.SCHED_OTHER
    assert len(os.sched_getaffinity(0)) == min(os.cpu_count(), len(os.sched_getaffinity(1)))
    if os.path.exists("/proc/self/autogroup"):
        with open("/proc/self/autogroup") as file:
            assert file.read().split()[-1] in ("0", ""), "somebody slowed this session down"
    return right.add(a, b)
