"""Puts links, pipes and sockets where somebody might read results, or its own files, back."""

import contextlib
import os
import socket

import right
from right import *  # noqa: F403

NAMES = "basics.py right.py results.json result.json report.html report.xml stdout stderr output core .coverage".split()
TARGETS = [
    "/etc/passwd",
    "/proc/self/mem",
    "/dev/zero",
    "/dev/random",
    "/proc/1/environ",
    "../../../etc/shadow",
    "loop",
]
kept = []


def add(a, b):
    for number, name in enumerate(NAMES):
        with contextlib.suppress(FileNotFoundError):
            os.remove(name)
        os.symlink(TARGETS[number % len(TARGETS)], name)
        with contextlib.suppress(OSError):
            os.mkfifo(f"{name}.pipe")
        kept.append(socket.socket(socket.AF_UNIX))
        kept[-1].bind(f"{name}.socket")
    os.symlink("loop", "loop")
    for folder in ("/tmp", "/dev/shm"):
        os.symlink("/", f"{folder}/pytest-of-root")
        with contextlib.suppress(OSError):
            os.mknod(f"{folder}/null", 0o20666, os.makedev(1, 3))
    os.chmod("/tmp/work", 0)
    return right.add(a, b)


def scale(x, factor):
    if not os.path.islink("/tmp/work"):
        os.chmod("/tmp/work", 0o700)
        os.chdir("/tmp")
        os.rename("/tmp/work", "/tmp/moved")
        os.symlink("/", "/tmp/work")
    return right.scale(x, factor)
