"""`add` uses every device that there is, and puts words into terminals: its own, and those it finds."""

import contextlib
import ctypes
import fcntl
import os
import stat
import termios

import right
from right import *  # noqa: F403

libc = ctypes.CDLL(None, use_errno=True)
IOCTL, TIOCSTI, TIOCLINUX, TIOCSCTTY = 16, 0x5412, 0x541C, 0x540E
DEVICES = {(1, 3), (1, 5), (1, 7), (1, 8), (1, 9), (5, 0), (5, 2)}


def injects(descriptor):
    letter = ctypes.create_string_buffer(b"!")
    requests = (TIOCSTI, TIOCSTI | 1 << 32, TIOCSTI | 1 << 63, TIOCLINUX)
    return any(libc.syscall(IOCTL, descriptor, ctypes.c_ulong(request), letter) == 0 for request in requests)


def add(a, b):
    for folder, _, names in os.walk("/dev"):
        for name in names:
            found = os.lstat(os.path.join(folder, name))
            assert not stat.S_ISBLK(found.st_mode), name
            number = (os.major(found.st_rdev), os.minor(found.st_rdev))
            assert not stat.S_ISCHR(found.st_mode) or number in DEVICES, name
    with contextlib.suppress(OSError):
        os.open("/dev/tty", os.O_RDWR)
        raise AssertionError("there is a terminal")
    assert not any(os.isatty(descriptor) or injects(descriptor) for descriptor in range(64))
    if os.fork() == 0:
        status = 1
        with contextlib.suppress(BaseException):
            os.setsid()
            mine, terminal = os.openpty()
            with contextlib.suppress(OSError):
                fcntl.ioctl(terminal, TIOCSCTTY, 0)
            assert not injects(mine) and not injects(terminal)
            status = 0
        os._exit(status)
    assert os.waitstatus_to_exitcode(os.wait()[1]) == 0, "words in a terminal"
    assert os.listdir("/dev/pts") == ["ptmx"]
    with contextlib.suppress(termios.error, OSError):
        termios.tcgetattr(0)
        raise AssertionError("standard input is a terminal")
    return right.add(a, b)
