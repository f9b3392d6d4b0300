"""`add` looks for a way out of its root: through links of processes, open folders, file handles and renamed folders."""

import contextlib
import ctypes
import os

import right
from right import *  # noqa: F403

libc = ctypes.CDLL(None, use_errno=True)
NAME_TO_HANDLE_AT, OPEN_BY_HANDLE_AT, CHROOT = 303, 304, 161


def root():
    return {(name, os.lstat(f"/{name}").st_ino) for name in os.listdir("/")}


def add(a, b):
    before = root()
    for link in ("/proc/1/root", "/proc/1/cwd", "/proc/self/root/../../..", "/proc/self/cwd/../../..", "/../../.."):
        with contextlib.suppress(PermissionError):
            assert {(name, os.lstat(f"{link}/{name}").st_ino) for name in os.listdir(link)} == before, link
    for descriptor in range(64):
        with contextlib.suppress(OSError):
            os.fchdir(descriptor)
            raise AssertionError(f"descriptor {descriptor} is a folder")

    # The old way out of a chroot: go above a folder while it is moved elsewhere.
    os.makedirs("deep/inside")
    inside = os.open("deep/inside", os.O_RDONLY)
    assert libc.syscall(CHROOT, b"deep") == -1
    os.rename("deep/inside", "moved")
    os.fchdir(inside)
    for _ in range(50):
        os.chdir("..")
    assert root() == before and os.getcwd() == "/"

    # Inode 2 is the root of most file systems, whatever is mounted where.
    handle = (ctypes.c_uint32 * 34)(8, 1, 2, 0)
    for path in ("/usr", "/tmp", "/runtime/worker"):
        mounted = os.open(path, os.O_RDONLY)
        assert libc.syscall(OPEN_BY_HANDLE_AT, mounted, handle, os.O_RDONLY) == -1, path
        assert libc.syscall(NAME_TO_HANDLE_AT, -100, path.encode(), handle, ctypes.byref(ctypes.c_int()), 0) == -1, path
    os.chdir("/tmp/work")
    return right.add(a, b)
