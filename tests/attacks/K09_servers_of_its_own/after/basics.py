"""The next worker in the slot asks where the one before listened."""

import contextlib
import socket

import right
from right import *  # noqa: F403


def add(a, b):
    for family, address in (
        (socket.AF_UNIX, b"\0answers"),
        (socket.AF_UNIX, "/tmp/answers"),
        (socket.AF_UNIX, "/dev/shm/answers"),
        (socket.AF_INET, ("127.0.0.1", 40404)),
        (socket.AF_INET6, ("::1", 40405)),
    ):
        with contextlib.suppress(OSError), socket.socket(family) as there:
            there.connect(address)
            raise AssertionError(f"somebody listens at {address}")
    return right.add(a, b)
