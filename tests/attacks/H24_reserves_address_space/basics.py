"""`add` reserves a hundred terabytes that it never touches, in every way that costs no memory."""

import ctypes
import mmap
import os
import resource

import right
from right import *  # noqa: F403

libc = ctypes.CDLL(None, use_errno=True)
libc.mmap.restype = libc.sbrk.restype = ctypes.c_void_p
libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_long]
libc.sbrk.argtypes = [ctypes.c_long]
FAILED = 2**64 - 1
NORESERVE, GROWSDOWN, HUGETLB = 0x4000, 0x100, 0x40000


def add(a, b):
    for size in (2**30, 10**14):
        for flags in (NORESERVE, GROWSDOWN | NORESERVE, HUGETLB):
            for protection in (0, mmap.PROT_READ | mmap.PROT_WRITE):
                got = libc.mmap(None, size, protection, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | flags, -1, 0)
                assert got == FAILED, (size, flags, protection)
        assert libc.sbrk(size) == FAILED, size
    assert libc.mmap(None, 2**30, 0, mmap.MAP_SHARED | mmap.MAP_ANONYMOUS, -1, 0) == FAILED
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    assert soft == hard != resource.RLIM_INFINITY
    child = os.fork()
    if child == 0:
        os._exit(int(libc.mmap(None, 2**30, 0, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | NORESERVE, -1, 0) != FAILED))
    assert os.waitpid(child, 0)[1] == 0, "its child may reserve more"
    return right.add(a, b)
