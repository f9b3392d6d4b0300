"""Each function writes frames of its own to the pipe on which replies go back."""

import fcntl
import os
import sys
import time

from right import Line  # noqa: F401

GUESSED = "0" * 32


def reply_pipe():
    """The only descriptor beyond the standard streams that can be written to."""
    descriptor = 3
    while fcntl.fcntl(descriptor, fcntl.F_GETFL) & os.O_ACCMODE != os.O_WRONLY:
        descriptor += 1
    return descriptor


def identity():
    """The number of the request, which is on the stack of whoever answers it."""
    frame = sys._getframe()
    while "identity" not in frame.f_locals:
        frame = frame.f_back
    return frame.f_locals["identity"]


def frame(header):
    return (len(header) + 1).to_bytes(8, "big") + header.encode() + b"\n"


def forge(data):
    os.write(reply_pipe(), data)
    time.sleep(60)  # or the honest reply would follow


def add(a, b):
    forge(frame(f'["d","id","{GUESSED}","value",1.0]'))


def mean(x):
    forge((2**63).to_bytes(8, "big"))


def scale(x, factor):
    answer = frame(f'["d","id","{identity()}","value",1.0]')
    forge(answer + answer)


def summary(x):
    forge((9).to_bytes(8, "big") + b"garbage\n!")


def square_sum(x):
    forge(frame(f'["d","id","{identity()}","passed",true]'))


def shift(x):
    forge(frame('{"passed": true, "points": 11}'))


def fit(x, y, steps):
    for byte in frame('["d"]' * 10):
        os.write(reply_pipe(), bytes([byte]))
        time.sleep(0.2)
