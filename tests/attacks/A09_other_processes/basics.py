"""`add` reads every other process that it can name: its parent, process 1, and all numbers that might be one."""

import ctypes
import os

import right
from right import *  # noqa: F403

libc = ctypes.CDLL(None, use_errno=True)
SECRETS = ("mem", "maps", "environ", "auxv", "stack", "syscall", "smaps", "pagemap", "map_files", "fd", "cwd", "root")


def can_be_read(path):
    try:
        if os.path.isdir(path):
            return bool(os.listdir(path))
        with open(path, "rb") as file:
            return bool(file.read(1))
    except OSError:
        return False


def can_be_followed(path):
    try:
        return bool(os.readlink(path))
    except OSError:
        return False


def add(a, b):
    numbers = {int(name) for name in os.listdir("/proc") if name.isdigit()}
    assert numbers == {1, os.getpid()}, numbers
    for number in {0, 1, os.getppid(), *range(2, 400)} - {os.getpid()}:
        if number > 1:
            assert not os.path.exists(f"/proc/{number}"), number
        for name in SECRETS:
            assert not can_be_read(f"/proc/{number}/{name}"), (number, name)
        for name in ("cwd", "root", "exe"):
            assert not can_be_followed(f"/proc/{number}/{name}"), (number, name)
    buffer = ctypes.create_string_buffer(64)
    vector = (ctypes.c_void_p * 2)(ctypes.addressof(buffer), 64)
    for number in range(1, 50):
        assert libc.syscall(101, 16, number, None, None) == -1, f"attached to {number}"
        assert libc.syscall(310, number, vector, 1, vector, 1, 0) == -1, f"read the memory of {number}"
        assert libc.syscall(312, os.getpid(), number, 0, 0, 0) == -1, f"compared itself with {number}"
    process = libc.syscall(434, 1, 0)
    assert libc.syscall(438, process, 0, 0) == -1, "took a descriptor from process 1"
    return right.add(a, b)
