"""`summary`, called last, takes all it can of what is counted by user or machine, in processes that try to stay."""

import contextlib
import ctypes
import fcntl
import os
import signal
import socket
import time

import right
from right import *  # noqa: F403

libc = ctypes.CDLL(None, use_errno=True)


def until_it_fails(take, most=2000):
    kept = []
    with contextlib.suppress(OSError):
        for _ in range(most):
            kept.append(take())
    return kept


def port():
    return socket.create_server(("127.0.0.1", 0))


def inotify():
    descriptor = libc.inotify_init()
    if descriptor < 0 or libc.inotify_add_watch(descriptor, b"/usr", 0xFFF) < 0:
        raise OSError
    return descriptor


def wide_pipe():
    pipe = os.pipe()
    fcntl.fcntl(pipe[1], fcntl.F_SETPIPE_SZ, 2**20)
    return pipe


def take():
    os.setsid()
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGRTMIN})
    kept = [until_it_fails(inotify, 300), until_it_fails(wide_pipe, 100), until_it_fails(port, 200)]
    for _ in range(20_000):
        libc.sigqueue(os.getpid(), signal.SIGRTMIN, None)
    with contextlib.suppress(OSError), open("/dev/shm/full", "wb", buffering=0) as file:
        kept.append(until_it_fails(lambda: file.write(bytes(2**16))))
    kept.append(until_it_fails(os.pipe))
    time.sleep(600)


def summary(x):
    with contextlib.suppress(OSError):
        for _ in range(20):
            if os.fork() == 0:
                take()
    time.sleep(0.5)
    return right.summary(x)
