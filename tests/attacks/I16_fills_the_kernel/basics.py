"""`summary`, called last, fills memory that belongs to no process, and leaves only small programs to blame for it."""

import os
import sys
import time

from right import *  # noqa: F403

# As a small program it holds pipes and sockets that are full: 13 MiB each, and 26 of them.
SMALL = """
import os, socket, time
kept = []
for _ in range(32):
    pair = socket.socketpair()
    for one in pair:
        one.setblocking(False)
        one.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 2**20)
        try:
            while True:
                one.send(bytes(2**15))
        except BlockingIOError:
            pass
    kept.append(pair)
time.sleep(1)
"""


def summary(x):
    for _ in range(13):
        try:
            if os.fork() == 0:
                break
        except OSError:
            break
    time.sleep(0.1)
    os.execv(sys.executable, [sys.executable, "-I", "-S", "-c", SMALL])
