"""`add` makes files larger than it may: with holes, reserved, removed and growing, in shared memory, without a name."""

import ctypes
import os
from multiprocessing import shared_memory

import right
from right import *  # noqa: F403

MIB = 2**20
kept = []


def fails(attempt, *args):
    try:
        attempt(*args)
    except OSError:
        return
    raise AssertionError((attempt, args))


def growing(make, limit):
    """Write until nothing more fits, into many files that have no name any more; they stay open."""
    written = 0
    try:
        for _ in range(2 * limit):
            descriptor = make()
            kept.append(descriptor)
            written += os.write(descriptor, bytes(MIB))
    except OSError:
        return written
    raise AssertionError(f"{written} bytes")


def removed(folder):
    path = f"{folder}/removed"
    descriptor = os.open(path, os.O_CREAT | os.O_RDWR)
    os.unlink(path)
    return descriptor


def add(a, b):
    with open("holes.bin", "wb") as file:
        fails(file.truncate, 10**12)
        fails(os.posix_fallocate, file.fileno(), 0, 10**9)
        fails(os.pwrite, file.fileno(), b"end", 10**10)
    fails(shared_memory.SharedMemory, None, True, 10**9)
    assert ctypes.CDLL(None, use_errno=True).memfd_create(b"nobody", 0) == -1, "memory in a file of no file system"
    assert growing(lambda: removed("/tmp"), 16) <= 16 * MIB
    assert growing(lambda: os.open("/dev/shm", os.O_TMPFILE | os.O_RDWR), 16) <= 16 * MIB
    for folder in ("/", "/dev", "/dev/pts", "/proc", "/etc", "/usr", "/var", "/runtime", "/root"):
        fails(removed, folder)
    return right.add(a, b)
