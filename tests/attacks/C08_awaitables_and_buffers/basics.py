"""What would have to be awaited, iterated or unpacked before it is a value."""

import array
import collections
import concurrent.futures

from right import *  # noqa: F403


async def mean(x):
    return x.mean()


def add(a, b):
    future = concurrent.futures.Future()
    future.set_result(a + b)
    return future


def scale(x, factor):
    return memoryview(array.array("f", (x * factor).flatten().tolist()))


def summary(x):
    return collections.ChainMap({"low": float(x.min())}, {"high": float(x.max())})


def fit(x, y, steps):
    return map(float, (1, 0))
