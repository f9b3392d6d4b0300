"""A thread answers while `add` is still at work, and wrongly; another one while nothing was asked, after `scale`."""

import os
import threading
import time

import right
from forge import frame, of_the_agent
from right import *  # noqa: F403


def answer(replies, identity, value):
    os.write(replies, frame(f'["d","id","{identity}","value",{value}]'))


def at_once(*arguments):
    threading.Thread(target=answer, args=arguments).start()


def add(a, b):
    at_once(of_the_agent("replies"), of_the_agent("identity"), 0.0)
    time.sleep(0.3)
    return right.add(a, b)


def scale(x, factor):
    replies = of_the_agent("replies")
    threading.Timer(0.1, answer, (replies, "0" * 32, 1.0)).start()
    return right.scale(x, factor)


def summary(x):
    time.sleep(0.3)
    return right.summary(x)
