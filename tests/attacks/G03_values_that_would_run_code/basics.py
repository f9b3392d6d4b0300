"""Values and exceptions that run code wherever they are copied, pickled, printed, compared or iterated."""

import os

import right
from right import *  # noqa: F403

inside = os.getpid()


def run(*arguments):
    """Leaves a trace outside if it ever runs there, and ends whatever runs it."""
    if os.getpid() != inside:
        os._exit(1)
    raise RuntimeError("it ran in here")


class Trap:
    __wire__ = __fspath__ = __index__ = __len__ = __iter__ = __bool__ = run
    __eq__ = __hash__ = __array__ = __repr__ = __str__ = __format__ = __getstate__ = __copy__ = __deepcopy__ = run

    def __reduce__(self):
        return eval, ("__import__('os').system('touch /tmp/it-ran-outside')",)

    __reduce_ex__ = __reduce__


class TrapError(Exception):
    def __reduce__(self):
        return eval, ("__import__('os').system('touch /tmp/it-ran-outside')",)

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.trap = Trap()


def add(a, b):
    return Trap()


def mean(x):
    raise TrapError("a trap") from TrapError("and another")


def summary(x):
    return {**right.summary(x), "more": Trap(), "most": [Trap(), (Trap(),)]}
