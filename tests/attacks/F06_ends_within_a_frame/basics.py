"""Sends a part of a frame, and then ends, hangs up or says nothing more."""

import os
import time

from forge import frame, of_the_agent
from right import *  # noqa: F403


def send(length):
    whole = frame(f'["d","id","{of_the_agent("identity")}","value",1.0]')
    os.write(of_the_agent("replies"), whole[:length])


def fit(x, y, steps):
    send(3)
    os._exit(0)


def add(a, b):
    send(-1)
    os._exit(0)


def mean(x):
    send(-1)
    time.sleep(60)


def scale(x, factor):
    send(30)
    os._exit(3)


def summary(x):
    send(None)
    os._exit(0)
