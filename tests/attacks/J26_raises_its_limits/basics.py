"""`add` tries to raise each of its limits, and to have more than they allow."""

import contextlib
import mmap
import os
import resource

import right
from right import *  # noqa: F403

EVERYTHING = resource.RLIM_INFINITY


def add(a, b):
    limited = ("CORE", "FSIZE", "NOFILE", "MEMLOCK", "MSGQUEUE", "AS", "NPROC", "NICE", "RTPRIO")
    for name in limited:
        number = getattr(resource, f"RLIMIT_{name}")
        soft, hard = resource.getrlimit(number)
        assert EVERYTHING not in (soft, hard), name
        for process in (0, 1):
            for wanted in ((hard + 1, hard + 1), (hard, EVERYTHING), (EVERYTHING, EVERYTHING)):
                with contextlib.suppress(OSError, ValueError):
                    resource.prlimit(process, number, wanted)
                    if process == 0:
                        raise AssertionError(f"raised {name}")
    for score in ("-1000", "-1"):
        with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w") as file:
            file.write(score)
            file.flush()
            raise AssertionError(f"will outlive others, with {score}")
    with contextlib.suppress(OSError, ValueError), mmap.mmap(-1, 2**31):
        raise AssertionError("two gibibytes of address space")
    with contextlib.suppress(OSError):
        os.nice(-1)
        raise AssertionError("a higher priority")
    return right.add(a, b)
