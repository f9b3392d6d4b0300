"""`add` tries to change, touch, mark, move and add to all that is not its own."""

import contextlib
import os
import sys

import right
import torch
from right import *  # noqa: F403

PLACES = ["/", "/usr", "/usr/bin/env", "/etc", "/etc/passwd", "/runtime", "/runtime/worker", "/runtime/worker/agent.py"]
PLACES += [os.path.dirname(torch.__file__), torch.__file__, os.__file__, sys.executable, "/dev", "/dev/pts", "/var"]


def changes(path):
    yield lambda: os.chmod(path, 0o777)
    yield lambda: os.chown(path, os.getuid(), os.getgid())
    yield lambda: os.utime(path, (0, 0))
    yield lambda: os.rename(path, "/tmp/work/mine")
    yield lambda: os.link(path, "/tmp/work/linked")
    yield lambda: os.truncate(path, 0)
    yield lambda: os.setxattr(path, "user.note", b"note")
    yield lambda: os.remove(path)
    yield lambda: os.rmdir(path)
    if os.path.isdir(path):
        yield lambda: os.mkdir(f"{path}/note")
        yield lambda: os.symlink("/", f"{path}/note")
        yield lambda: os.mkfifo(f"{path}/note")
        yield lambda: os.close(os.open(path, os.O_TMPFILE | os.O_RDWR))
        yield lambda: os.close(os.open(f"{path}/note", os.O_CREAT | os.O_WRONLY))
    else:
        yield lambda: os.close(os.open(path, os.O_WRONLY | os.O_APPEND))


def add(a, b):
    for path in PLACES:
        for number, change in enumerate(changes(path)):
            with contextlib.suppress(OSError):
                change()
                raise AssertionError(f"change {number} of {path}")
    for name in ("wire.py", "__pycache__", "agent.py"):
        assert not os.access(f"/runtime/worker/{name}", os.W_OK), name
    return right.add(a, b)
