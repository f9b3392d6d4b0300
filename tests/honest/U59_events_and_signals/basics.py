"""It uses asyncio, an alarm of its own against endless loops, exit handlers, timers and queues."""

import asyncio
import atexit
import queue
import signal
import threading

import right
import torch
from right import *  # noqa: F403

atexit.register(print, "goodbye")
signal.signal(signal.SIGINT, signal.SIG_IGN)


async def lowest(x):
    await asyncio.sleep(0.01)
    return x.min()


async def both(x):
    return await asyncio.gather(lowest(x), lowest(-x))


def summary(x):
    low, high = asyncio.run(both(x))
    return {"low": low, "high": -high}


def fit(x, y, steps):
    def too_long(number, frame):
        raise TimeoutError

    signal.signal(signal.SIGALRM, too_long)
    signal.alarm(30)
    try:
        return right.fit(x, y, steps)
    finally:
        signal.alarm(0)


def mean(x):
    parts = queue.Queue()
    threads = [threading.Thread(target=lambda part=part: parts.put(part.sum())) for part in x.split(25)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    timer = threading.Timer(60, print)
    timer.daemon = True
    timer.start()
    return torch.stack(list(parts.queue)).sum() / len(x)
