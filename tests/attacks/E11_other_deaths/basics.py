"""A bus error, an illegal instruction, a division in C, an overflow of the C stack, and a signal without a name."""

import ctypes
import mmap
import os
import signal
import sys

from right import *  # noqa: F403


def run(code):
    page = mmap.mmap(-1, mmap.PAGESIZE, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    page.write(code)
    ctypes.CFUNCTYPE(None)(ctypes.addressof(ctypes.c_char.from_buffer(page)))()


def add(a, b):
    with open("short.bin", "w+b") as file:
        file.truncate(mmap.PAGESIZE)
        page = mmap.mmap(file.fileno(), mmap.PAGESIZE)
        file.truncate(0)
        page[0] = 1


def mean(x):
    run(bytes([0x0F, 0x0B]) if os.uname().machine == "x86_64" else bytes(4))


def scale(x, factor):
    sys.setrecursionlimit(10**9)
    deeper = ctypes.CFUNCTYPE(None)(lambda: deeper())
    deeper()


def summary(x):
    os.kill(os.getpid(), signal.SIGRTMIN + 7)


def shift(x):
    os.kill(os.getpid(), signal.SIGFPE)


def fit(x, y, steps):
    os.kill(os.getpid(), signal.SIGALRM)
