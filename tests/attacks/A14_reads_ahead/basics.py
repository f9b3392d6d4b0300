"""`add` looks for the next test's inputs on every descriptor before it answers."""

import os

import right
from right import *  # noqa: F403


def waiting_bytes(descriptor):
    blocking = os.get_blocking(descriptor)
    os.set_blocking(descriptor, False)
    try:
        return os.read(descriptor, 100)
    except OSError:
        return b""
    finally:
        os.set_blocking(descriptor, blocking)


def add(a, b):
    for name in os.listdir("/proc/self/fd"):
        try:
            found = waiting_bytes(int(name))
        except OSError:
            continue
        assert not found, f"descriptor {name} holds {found}"
    return right.add(a, b)
