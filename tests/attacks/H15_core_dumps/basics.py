"""Children of `add` end with all of their memory to be dumped, and its own end could be dumped too."""

import contextlib
import mmap
import os
import resource
import signal

import right
from right import *  # noqa: F403


def add(a, b):
    hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
    try:
        resource.setrlimit(resource.RLIMIT_CORE, (hard, hard + 2**40))
    except (OSError, ValueError):
        pass
    else:
        raise AssertionError("it may dump more than it could")
    with contextlib.suppress(OSError), open("/proc/self/coredump_filter", "w") as file:
        file.write("0xff")
    for number in (signal.SIGSEGV, signal.SIGABRT, signal.SIGQUIT, signal.SIGTRAP):
        child = os.fork()
        if child == 0:
            mmap.mmap(-1, 2**26)
            os.kill(os.getpid(), number)
        _, status = os.waitpid(child, 0)
        assert os.WTERMSIG(status) == number
        assert not os.WCOREDUMP(status), number
    assert [name for name in os.listdir(".") if "core" in name] == []
    with open("/proc/sys/kernel/core_pattern") as file:
        # Dumps go to a program of the machine even where their size is limited to 0, and do not where it is 1.
        assert not file.read().startswith("|") or hard == 1, "its memory is handed to a program outside"
    return right.add(a, b)


def mean(x):
    os.abort()
