"""The next worker in the slot looks for them."""

import ctypes
import fcntl
import os
import signal
import socket
import sys

import right
from right import *  # noqa: F403

libc = ctypes.CDLL(None, use_errno=True)
KEY = 0x6E6F7465


def add(a, b):
    for top in ("/tmp", "/dev", "/var", "/run", "/etc"):
        for path, folders, files in os.walk(top):
            assert not [name for name in folders + files if name.startswith("note")], path
    assert not [name for name in os.listdir("/") if name.startswith("note")]
    assert libc.shmget(KEY, 4096, 0) == libc.semget(KEY, 1, 0) == libc.msgget(KEY, 0) == -1
    for ring in range(-7, 0):
        assert libc.syscall(250, 10, ring, b"user", b"note", 0) == -1, ring
    for kind, address in (
        (socket.AF_UNIX, "\0note"),
        (socket.AF_UNIX, "/tmp/note.socket"),
        (socket.AF_INET, ("127.0.0.1", 54321)),
        (socket.AF_INET6, ("::1", 54321)),
    ):
        with socket.socket(kind) as one:
            assert one.connect_ex(address) != 0, address
    descriptor = os.open(os.path.realpath(sys.executable), os.O_RDONLY)
    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    os.close(descriptor)
    assert {int(name) for name in os.listdir("/proc") if name.isdigit()} <= {1, os.getpid()}
    assert os.uname().nodename == "grader"
    assert "NOTE" not in os.environ
    assert os.umask(0o022) == 0o022
    assert signal.getsignal(signal.SIGUSR1) == signal.SIG_DFL
    for name in ("comm", "timerslack_ns"):
        with open(f"/proc/self/{name}") as file:
            assert file.read().strip() not in ("note", "2000000000"), name
    return right.add(a, b)
