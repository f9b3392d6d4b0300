"""`add` hangs up without an answer and goes on; `mean` gives its answer, hangs up and goes on."""

import os
import time

import right
from forge import of_the_agent, reply_with
from right import *  # noqa: F403


def add(a, b):
    os.close(of_the_agent("replies"))
    time.sleep(60)


def mean(x):
    agent, replies = of_the_agent("agent"), of_the_agent("replies")

    def give(identity):
        os.write(replies, agent._frame(identity, {"value": agent._vault.flatten(right.mean(x))}))
        time.sleep(0.05)
        os.close(replies)
        time.sleep(60)

    reply_with(give)
