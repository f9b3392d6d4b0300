"""`add` writes more files than it may, `mean` into shared memory."""

from right import *  # noqa: F403


def add(a, b):
    for number in range(100):
        with open(f"{number}.bin", "wb") as file:
            file.write(bytes(2**20))


def mean(x):
    with open("/dev/shm/large.bin", "wb") as file:
        for _ in range(100):
            file.write(bytes(2**20))
