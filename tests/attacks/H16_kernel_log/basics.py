"""`add` tries to write to the machine's logs, to read them, and to have the kernel write to them."""

import ctypes
import os
import socket
import syslog

import right
from right import *  # noqa: F403

libc = ctypes.CDLL(None, use_errno=True)


def add(a, b):
    for path in (
        "/dev/kmsg",
        "/proc/kmsg",
        "/dev/log",
        "/run/systemd/journal/stdout",
        "/var/log/syslog",
        "/dev/console",
    ):
        for flags in (os.O_RDONLY, os.O_WRONLY):
            try:
                os.close(os.open(path, flags))
            except OSError:
                continue
            raise AssertionError(path)
    for kind in (socket.SOCK_DGRAM, socket.SOCK_STREAM):
        for path in ("/dev/log", "/run/systemd/journal/socket", "/run/systemd/journal/dev-log"):
            with socket.socket(socket.AF_UNIX, kind) as log:
                assert log.connect_ex(path) != 0, path
    for action in (2, 3, 4, 9, 10):
        assert libc.klogctl(action, ctypes.create_string_buffer(100), 100) == -1, action
    for _ in range(10_000):
        syslog.syslog("all tests passed")
    for _ in range(20):
        if os.fork() == 0:
            ctypes.string_at(0)
        os.wait()
    return right.add(a, b)
