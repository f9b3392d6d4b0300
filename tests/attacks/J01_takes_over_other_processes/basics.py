"""`add` tries to attach to, to write into and to take descriptors from its init and whoever may come after it."""

import ctypes
import os

import right
from right import *  # noqa: F403

libc = ctypes.CDLL(None, use_errno=True)
PTRACE, PROCESS_VM_WRITEV, KCMP, PIDFD_OPEN, PIDFD_GETFD, PROCESS_MADVISE, PROCESS_MRELEASE = (
    101,
    311,
    312,
    434,
    438,
    440,
    448,
)
ATTACH, TRACEME, SEIZE, OPTIONS = 16, 0, 0x4206, 0x100000
NOTHING = ctypes.c_void_p(0)


def refused(number, *arguments):
    return libc.syscall(number, *map(ctypes.c_long, arguments)) == -1


def add(a, b):
    assert refused(PTRACE, TRACEME, 0, 0, 0)
    buffer = ctypes.create_string_buffer(b"!" * 64)
    vector = (ctypes.c_long * 2)(ctypes.addressof(buffer), 64)
    where = ctypes.addressof(vector)
    for process in range(1, 40):
        assert refused(PTRACE, ATTACH, process, 0, 0), process
        assert refused(PTRACE, SEIZE, process, 0, OPTIONS), process
        assert refused(PROCESS_VM_WRITEV, process, where, 1, where, 1, 0), process
        assert refused(KCMP, os.getpid(), process, 1, 0, 0), process
        handle = libc.syscall(PIDFD_OPEN, process, 0)
        assert handle == -1 or process in (1, os.getpid()), process
        for descriptor in range(6):
            assert refused(PIDFD_GETFD, handle, descriptor, 0), (process, descriptor)
        assert refused(PROCESS_MADVISE, handle, where, 1, 4, 0), process
        assert refused(PROCESS_MRELEASE, handle, 0), process
    for name in ("mem", "oom_score_adj", "uid_map", "attr/current", "comm", "coredump_filter", "timerslack_ns"):
        try:
            with open(f"/proc/1/{name}", "r+b", buffering=0) as file:
                file.write(b"0")
        except OSError:
            continue
        raise AssertionError(f"wrote to {name} of process 1")
    return right.add(a, b)
