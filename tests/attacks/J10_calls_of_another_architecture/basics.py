"""System calls through the 32-bit gate and with the bit of the x32 numbers, made by machine code of its own."""

import ctypes
import mmap
import platform

import right
from right import *  # noqa: F403

GETPID_32, GETPID_X32 = 20, 0x40000000 | 39
code = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
run = ctypes.CFUNCTYPE(ctypes.c_long)(ctypes.addressof(ctypes.c_char.from_buffer(code)))


def execute(number, gate):
    """mov eax, number; gate; ret."""
    assert platform.machine() == "x86_64"
    code[:8] = b"\xb8" + number.to_bytes(4, "little") + gate + b"\xc3"
    return run()


def fit(x, y, steps):
    execute(39, b"\x0f\x05")  # as a check of the method: its own number, by the gate that is allowed
    return right.fit(x, y, steps)


def add(a, b):
    execute(GETPID_32, b"\xcd\x80")
    return right.add(a, b)


def scale(x, factor):
    execute(GETPID_X32, b"\x0f\x05")
    return right.scale(x, factor)
