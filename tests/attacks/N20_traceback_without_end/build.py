"""A reply of its own, with a traceback of 5000 lines, each of which the judge looks up in a file of a MiB."""

CODE = r"""
import fcntl
import os
import sys
import time

from right import *

LINES = 5_000


def add(a, b):
    descriptor = 3
    while fcntl.fcntl(descriptor, fcntl.F_GETFL) & os.O_ACCMODE != os.O_WRONLY:
        descriptor += 1
    frame = sys._getframe()
    while "identity" not in frame.f_locals:
        frame = frame.f_back
    trace = ',"basics.py, line 1, in add"' * LINES
    raised = f'["d","type","Error","message","long","trace",["l"{trace}]]'
    header = f'["d","id","{frame.f_locals["identity"]}","raised",{raised}]\n'.encode()
    frame = len(header).to_bytes(8, "big") + header
    while frame:
        frame = frame[os.write(descriptor, frame) :]
    time.sleep(0.5)
    os._exit(0)  # or the honest reply would follow
"""


def build(where, right):
    where.mkdir(parents=True)
    (where / "right.py").write_bytes(right)
    (where / "basics.py").write_text(CODE + "\n" * (2**20 - len(CODE) - 1))
