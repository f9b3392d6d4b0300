"""`add` lets programs of its own, which share no memory with where it comes from, hold more together than it may."""

import subprocess
import sys

import right
from right import *  # noqa: F403

GREEDY = "import time; kept = b'x' * (96 << 20); time.sleep(0.5); print(len(kept))"


def add(a, b):
    command = [sys.executable, "-I", "-S", "-c", GREEDY]
    children = [subprocess.Popen(command, stdout=subprocess.PIPE) for _ in range(3)]
    said = [child.communicate()[0].strip() for child in children]
    assert said == [str(96 << 20).encode()] * 3, said
    return right.add(a, b)
