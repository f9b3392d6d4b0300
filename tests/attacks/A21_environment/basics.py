"""`add` reads all that the system says about how this process was started, and from where."""

import os
import sys

import right
from right import *  # noqa: F403

PLANTED = "canary of the " + "golden environment"
HARMLESS = {"PATH", "LANG", "USER", "HOME", "TMPDIR", "PWD", "LC_CTYPE"}
KINDS = ("OMP_", "OPENBLAS_", "MKL_", "MPL", "GLIBC_", "TORCH", "KMP_")
TOLD = ("cmdline", "environ", "mountinfo", "mounts", "cgroup", "status", "stat", "comm", "maps", "limits", "sched")


def text(path):
    try:
        with open(path, errors="replace") as file:
            return file.read()
    except OSError:
        return ""


def add(a, b):
    strange = {name for name in os.environ if name not in HARMLESS and not name.startswith(KINDS)}
    assert not strange, strange
    for process in ("self", "1", "thread-self"):
        for name in TOLD:
            said = text(f"/proc/{process}/{name}")
            assert PLANTED not in said, (process, name)
            for word in ("pytest", "golden/course", "assignments", "hidden", "batch", "--state"):
                assert word not in said, (process, name, word)
    assert "autograder-" not in text("/proc/self/cgroup")
    assert not [word for word in [*sys.argv, *sys.orig_argv] if "course" in word]
    assert os.uname().nodename == "grader"
    assert os.listdir(os.path.expanduser("~")) == [os.path.basename(os.getcwd())]
    return right.add(a, b)
