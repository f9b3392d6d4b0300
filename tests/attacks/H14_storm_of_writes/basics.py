"""`add` dirties and syncs files for a second, and asks for the whole machine to be synced."""

import ctypes
import os
import time

import right
from right import *  # noqa: F403


def add(a, b):
    end = time.monotonic() + 1
    while time.monotonic() < end:
        for name in ("one.bin", "two.bin"):
            with open(name, "wb", buffering=0) as file:
                file.write(bytes(2**20))
                os.fsync(file)
                os.fdatasync(file)
        os.replace("one.bin", "two.bin")
    descriptor = os.open("/", os.O_RDONLY)
    assert ctypes.CDLL(None, use_errno=True).syncfs(descriptor) == -1, "a whole file system was synced"
    os.close(descriptor)
    return right.add(a, b)
