"""`add` tries to write to shared files through memory: mappings of them, its own memory file, and splices."""

import contextlib
import ctypes
import mmap
import os
import sys

import numpy
import right
import torch
from right import *  # noqa: F403

libc = ctypes.CDLL(None, use_errno=True)
libc.mmap.restype = ctypes.c_void_p
libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_long]
libc.mprotect.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
FAILED = 2**64 - 1
BOTH = mmap.PROT_READ | mmap.PROT_WRITE
NOTE = b"a note for the next one"


def poke(address):
    """Write past the protection of a page, as a debugger does."""
    with contextlib.suppress(OSError), open("/proc/self/mem", "r+b", buffering=0) as memory:
        memory.seek(address)
        memory.write(NOTE)


def splice(descriptor):
    reading, writing = os.pipe()
    os.splice(descriptor, writing, 100, offset_src=0)
    os.read(reading, 99)
    os.write(writing, NOTE)
    os.close(reading)
    os.close(writing)


def add(a, b):
    for path in (torch.__file__, numpy.__file__, os.__file__, os.path.realpath(sys.executable)):
        descriptor = os.open(path, os.O_RDONLY)
        before = os.pread(descriptor, 4096, 0)
        assert libc.mmap(None, 4096, BOTH, mmap.MAP_SHARED, descriptor, 0) == FAILED, path
        for flags in (mmap.MAP_SHARED, mmap.MAP_PRIVATE):
            address = libc.mmap(None, 4096, mmap.PROT_READ, flags, descriptor, 0)
            assert address != FAILED, path
            if flags == mmap.MAP_SHARED:
                assert libc.mprotect(address, 4096, BOTH) == -1, path
            poke(address)
        splice(descriptor)
        os.close(descriptor)
        with open(path, "rb") as file:
            assert file.read(4096) == before, path
    return right.add(a, b)
