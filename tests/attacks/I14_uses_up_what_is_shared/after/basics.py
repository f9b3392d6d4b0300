"""The next worker in the slot needs a little of everything."""

import ctypes
import fcntl
import os
import signal
import socket

import right
from right import *  # noqa: F403

libc = ctypes.CDLL(None, use_errno=True)


def add(a, b):
    kept = [socket.create_server(("127.0.0.1", 50_000 + number)) for number in range(10)]
    for _ in range(10):
        descriptor = libc.inotify_init()
        assert descriptor >= 0, os.strerror(ctypes.get_errno())
        assert libc.inotify_add_watch(descriptor, b"/usr", 0xFFF) >= 0, os.strerror(ctypes.get_errno())
    for _ in range(10):
        kept.append(os.pipe())
        assert fcntl.fcntl(kept[-1][1], fcntl.F_SETPIPE_SZ, 2**18) == 2**18
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGRTMIN})
    for _ in range(100):
        assert libc.sigqueue(os.getpid(), signal.SIGRTMIN, None) == 0
    for folder in ("/tmp", "/dev/shm"):
        with open(f"{folder}/large.bin", "wb") as file:
            file.write(bytes(12 * 2**20))
    children = []
    for _ in range(10):
        children.append(os.fork())
        if children[-1] == 0:
            signal.pause()
    for child in children:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    return right.add(a, b)
