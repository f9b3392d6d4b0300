"""Installs filters of its own on system calls: one that asks it about each call, two that change what writing does."""

import ctypes

import right
from right import *  # noqa: F403

libc = ctypes.CDLL(None, use_errno=True)
SECCOMP, SET_MODE_FILTER, NEW_LISTENER, PR_SET_SECCOMP, WRITE = 317, 1, 8, 22, 1
LANDLOCK_CREATE_RULESET = 444
USER_NOTIFICATION, ALLOW = 0x7FC00000, 0x7FFF0000
kept = []


class Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_void_p)]


def program(answer):
    """Answer `write` with `answer`, and allow all else."""
    steps = [(0x20, 0, 0, 0), (0x15, 0, 1, WRITE), (0x06, 0, 0, answer), (0x06, 0, 0, ALLOW)]
    raw = b"".join(
        code.to_bytes(2, "little") + bytes([yes, no]) + value.to_bytes(4, "little") for code, yes, no, value in steps
    )
    buffer = ctypes.create_string_buffer(raw, len(raw))
    kept.append(buffer)
    return ctypes.byref(Program(len(steps), ctypes.cast(buffer, ctypes.c_void_p)))


def add(a, b):
    listening = program(USER_NOTIFICATION)
    assert libc.syscall(SECCOMP, SET_MODE_FILTER, NEW_LISTENER, listening) == -1
    assert libc.syscall(SECCOMP, SET_MODE_FILTER, 0, listening) == -1
    assert libc.syscall(LANDLOCK_CREATE_RULESET, None, 0, 1) == -1
    return right.add(a, b)


def scale(x, factor):
    failing = program(0x00050000 | 1)  # EPERM
    assert libc.prctl(PR_SET_SECCOMP, 2, failing, 0, 0) == 0
    return right.scale(x, factor)


def summary(x):
    pretending = program(0x00050000)  # nothing was written, and no error
    assert libc.prctl(PR_SET_SECCOMP, 2, pretending, 0, 0) == 0
    return right.summary(x)
