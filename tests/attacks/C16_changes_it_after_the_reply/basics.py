"""A thread waits until `add` and `scale` have been answered, and then changes their results and arguments."""

import os
import threading

import right
import torch
from right import *  # noqa: F403

read = os.read
answered, changed = threading.Event(), threading.Event()


def change_later(*tensors):
    def change():
        answered.wait()
        for tensor in tensors:
            tensor.fill_(float("nan"))
        changed.set()

    def change_and_read(descriptor, size):
        """What the worker calls to wait for the next request, when it has answered this one."""
        answered.set()
        changed.wait()
        return read(descriptor, size)

    answered.clear()
    changed.clear()
    threading.Thread(target=change).start()
    os.read = change_and_read


def add(a, b):
    total = torch.add(a, b, out=a)
    change_later(total, b)
    return total


def mean(x):
    assert changed.is_set(), "nothing was changed"
    return right.mean(x)


def scale(x, factor):
    scaled = right.scale(x, factor)
    change_later(scaled, x)
    return scaled
