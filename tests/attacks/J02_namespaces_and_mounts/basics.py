"""`add` asks, in a process with one thread, for every new namespace, and for mounts in the ones that it has."""

import ctypes
import os

import right
from right import *  # noqa: F403

libc = ctypes.CDLL(None, use_errno=True)
NAMESPACES = [0x80, 0x20000, 0x2000000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000]
CLONE, UNSHARE, SETNS, CLONE3, SIGCHLD = 56, 272, 308, 435, 17
MOUNT, UMOUNT2, PIVOT_ROOT, CHROOT, SETHOSTNAME, SWAPON = 165, 166, 155, 161, 170, 167
OPEN_TREE, MOVE_MOUNT, FSOPEN, FSMOUNT, FSPICK, MOUNT_SETATTR = 428, 429, 430, 432, 433, 442


def call(number, *arguments):
    return libc.syscall(number, *[ctypes.c_long(a) if isinstance(a, int) else a for a in arguments])


def attempts():
    """The number of what was achieved; run in a child, which may lose itself."""
    for flag in [*NAMESPACES, NAMESPACES[5] | NAMESPACES[1], sum(NAMESPACES[1:])]:
        if flag != 0x80:  # in `clone`, part of the signal
            child = call(CLONE, flag | SIGCHLD, 0, 0, 0, 0)
            if child == 0:
                os._exit(0)
            yield child != -1
        yield call(UNSHARE, flag) != -1
        arguments = (ctypes.c_uint64 * 11)(flag, 0, 0, 0, SIGCHLD)
        child = call(CLONE3, arguments, 88)
        if child == 0:
            os._exit(0)
        yield child != -1
    for name in os.listdir("/proc/self/ns"):
        yield call(SETNS, os.open(f"/proc/self/ns/{name}", os.O_RDONLY), 0) != -1
    here = os.getcwd().encode()
    for source, kind, flags in ((b"none", b"tmpfs", 0), (b"/usr", None, 4096), (b"proc", b"proc", 0), (None, None, 32)):
        yield call(MOUNT, source, here, kind, flags, None) != -1
    yield call(UMOUNT2, b"/proc", 2) != -1
    yield call(UMOUNT2, b"/tmp", 2) != -1
    yield call(PIVOT_ROOT, here, here) != -1
    yield call(CHROOT, here) != -1
    yield call(SETHOSTNAME, b"x", 1) != -1
    yield call(SWAPON, b"/tmp/work", 0) != -1
    yield call(OPEN_TREE, -100, b"/", 1) != -1
    yield call(FSOPEN, b"tmpfs", 0) != -1
    yield call(FSPICK, -100, b"/", 0) != -1
    yield call(FSMOUNT, 0, 0, 0) != -1
    yield call(MOVE_MOUNT, -100, b"/usr", -100, here, 0) != -1
    yield call(MOUNT_SETATTR, -100, b"/usr", 0, (ctypes.c_uint64 * 4)(), 32) != -1


def add(a, b):
    child = os.fork()
    if child == 0:
        try:
            os._exit(min(99, sum(attempts())))
        finally:
            os._exit(100)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert status == 0, f"{status} attempts succeeded"
    return right.add(a, b)
