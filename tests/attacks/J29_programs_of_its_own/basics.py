"""`add` starts other programs in every way there is, to see whether one of them is less confined than it is itself."""

import os
import subprocess
import sys

import right
from right import *  # noqa: F403

LOOK = """
import ctypes, os
libc = ctypes.CDLL(None)
status = dict(line.split(":", 1) for line in open("/proc/self/status"))
assert status["Seccomp"].strip() == "2" and status["NoNewPrivs"].strip() == "1"
assert all(int(status["Cap" + kind], 16) == 0 for kind in ("Prm", "Eff", "Bnd", "Amb"))
assert libc.unshare(0x10000000) == -1 and libc.mount(b"none", b"/tmp", b"tmpfs", 0, None) == -1
assert os.getuid() != 0 and not [name for name in os.listdir("/proc") if name.isdigit() and int(name) > 300]
print("no less", flush=True)
"""


def add(a, b):
    command = [sys.executable, "-I", "-S", "-c", LOOK]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.stdout == "no less\n", done.stderr
    done = subprocess.run(["/bin/sh", "-c", 'exec "$@"', "sh", *command], capture_output=True, text=True)
    assert done.stdout == "no less\n", done.stderr
    for child in (
        os.posix_spawn(sys.executable, command, {}),
        os.posix_spawn(sys.executable, command, {}, setsid=True),
        os.spawnv(os.P_NOWAIT, sys.executable, command),
    ):
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    return right.add(a, b)
