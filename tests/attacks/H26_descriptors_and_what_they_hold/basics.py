"""`add` opens descriptors of every kind until it may not, fills pipes and sockets with data, and keeps them all."""

import contextlib
import errno
import fcntl
import os
import select
import socket

import right
from right import *  # noqa: F403

MIB = 2**20
MOST = 48 * MIB
kept = []


def fill(descriptor, room):
    held = 0
    os.set_blocking(descriptor, False)
    with contextlib.suppress(BlockingIOError):
        while held < room:
            held += os.write(descriptor, bytes(2**16))
    return held


def add(a, b):
    held = 0
    try:
        while held < MOST:
            reading, writing = os.pipe()
            with contextlib.suppress(PermissionError):
                fcntl.fcntl(writing, fcntl.F_SETPIPE_SZ, MIB)
            held += fill(writing, MOST - held)
            kept.extend(socket.socketpair())
            held += fill(kept[-1].fileno(), MOST - held)
        while True:
            kept.append(select.epoll())
            kept[-1].register(reading, select.EPOLLIN)
            kept.append(os.dup(reading))
    except OSError as error:
        if error.errno != errno.EMFILE:
            raise
    return right.add(a, b)
