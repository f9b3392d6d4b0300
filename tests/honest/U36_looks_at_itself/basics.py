"""It uses gc, inspect, frames, subclasses, ctypes, eval, exec and the environment for harmless reasons."""

import ctypes
import gc
import inspect
import os
import sys
import traceback

import right
import torch
from right import *  # noqa: F403


class Operation:
    """Base of all operations; a subclass is found by its name."""

    def run(self, *args):
        raise NotImplementedError


class Add(Operation):
    def run(self, a, b):
        return a + b


def log(message):
    frame = sys._getframe(1)
    print(f"{frame.f_code.co_name}:{frame.f_lineno} {message}", inspect.stack()[0].function)


def add(a, b):
    log(f"{inspect.signature(add)} on {os.environ.get('CUDA_VISIBLE_DEVICES', 'all')}")
    (kind,) = [kind for kind in Operation.__subclasses__() if kind.__name__ == "Add"]
    return kind().run(a, b)


def mean(x):
    gc.collect()
    alive = [thing for thing in gc.get_objects() if type(thing) is torch.Tensor]
    log(f"{len(alive)} tensors, {sys.getrefcount(x)} references, {sys.getsizeof(x)} bytes")
    return eval("x.mean()", {"x": x})


def scale(x, factor):
    names = {"x": x, "factor": factor}
    exec(compile("result = x * factor", "<formula>", "exec"), names)
    return names["result"]


def shift(x):
    assert "return x" in inspect.getsource(right.shift) and inspect.getmodule(shift).__name__ == "basics"
    return right.shift(x)


def square_sum(x):
    libc = ctypes.CDLL(None)
    assert libc.abs(-3) == 3
    try:
        return right.square_sum(x)
    finally:
        traceback.print_stack(limit=2)
