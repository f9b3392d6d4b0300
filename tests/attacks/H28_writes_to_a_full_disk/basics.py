"""`add` maps a file with holes in shared memory that is full, and writes into the holes."""

import mmap
import os

from right import *  # noqa: F403


def add(a, b):
    with open("/dev/shm/holes", "w+b") as file:
        file.truncate(15 * 2**20)
        holes = mmap.mmap(file.fileno(), 0)
    descriptor = os.open("/dev/shm/full", os.O_CREAT | os.O_WRONLY)
    try:
        while True:
            os.write(descriptor, bytes(2**16))
    except OSError:
        pass
    for position in range(0, len(holes), mmap.PAGESIZE):
        holes[position] = 1
