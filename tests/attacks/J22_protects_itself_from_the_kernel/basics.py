"""`summary` asks the kernel to take others first when memory runs out, and then uses it up with its children."""

import contextlib
import subprocess
import sys

import right
from right import *  # noqa: F403

GREEDY = "import time; kept = bytearray(100 << 20); time.sleep(0.7)"


def summary(x):
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w") as file:
        file.write("0")
    kept = bytearray(50 << 20)
    children = [subprocess.Popen([sys.executable, "-I", "-S", "-c", GREEDY]) for _ in range(3)]
    for child in children:
        child.wait()
    return right.summary(x[: len(kept)])
