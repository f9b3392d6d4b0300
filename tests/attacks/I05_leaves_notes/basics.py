"""`add` leaves notes for whoever comes next: in files, memory, sockets, queues, keyrings, locks, names and settings."""

import contextlib
import ctypes
import fcntl
import os
import signal
import socket
import sys
import time

import right
from right import *  # noqa: F403

libc = ctypes.CDLL(None, use_errno=True)
KEY = 0x6E6F7465
CREATE = 0o1666


def everywhere():
    for place in ("/", *(path for path, _, _ in os.walk("/dev")), "/tmp", "/var/tmp", "/var", "/run", "/etc", "/usr"):
        with contextlib.suppress(OSError), open(f"{place}/note", "w") as file:
            file.write("note")
        with contextlib.suppress(OSError):
            os.mkdir(f"{place}/noted")
        with contextlib.suppress(OSError):
            os.mkfifo(f"{place}/note.pipe")


def memory():
    libc.shmget(KEY, 4096, CREATE)
    libc.semget(KEY, 1, CREATE)
    libc.msgget(KEY, CREATE)
    with contextlib.suppress(AttributeError):
        libc.mq_open(b"/note", os.O_CREAT | os.O_RDWR, 0o666, None)
        libc.sem_open(b"/note", os.O_CREAT, 0o666, 1)
        libc.shm_open(b"/note", os.O_CREAT | os.O_RDWR, 0o666)
    for ring in range(-7, 0):
        libc.syscall(248, b"user", b"note", b"note", 4, ring)


def names():
    libc.sethostname(b"note", 4)
    libc.setdomainname(b"note", 4)
    libc.prctl(15, b"note", 0, 0, 0)
    os.environ["NOTE"] = "note"
    os.umask(0o777)
    signal.signal(signal.SIGUSR1, signal.SIG_IGN)
    for name in (
        "/proc/self/comm",
        "/proc/self/timerslack_ns",
        "/proc/sys/kernel/domainname",
        "/proc/sys/kernel/ns_last_pid",
    ):
        with contextlib.suppress(OSError), open(name, "w") as file:
            file.write("2000000000")


def keeper():
    """A process that tries to stay, and holds sockets and locks."""
    held = [
        socket.socket(socket.AF_UNIX),
        socket.socket(socket.AF_UNIX),
        socket.socket(),
        socket.socket(socket.AF_INET6),
    ]
    for one, address in zip(held, ("\0note", "/tmp/note.socket", ("127.0.0.1", 54321), ("::1", 54321)), strict=True):
        with contextlib.suppress(OSError):
            one.bind(address)
            one.listen()
    held.append(os.open(os.path.realpath(sys.executable), os.O_RDONLY))
    fcntl.flock(held[-1], fcntl.LOCK_EX)
    os.setsid()
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)
    time.sleep(600)


def add(a, b):
    everywhere()
    memory()
    if os.fork() == 0:
        if os.fork() == 0:
            keeper()
        os._exit(0)
    os.wait()
    names()
    return right.add(a, b)
