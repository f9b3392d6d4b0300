"""Sends each frame of a right answer byte by byte, and prints in between."""

import os
import time

import right
from forge import of_the_agent
from right import *  # noqa: F403


def drip(function):
    def dripping(*args, **kwargs):
        agent, replies = of_the_agent("agent"), of_the_agent("replies")

        def frame(identity, reply):
            del agent._frame
            whole = agent._frame(identity, reply)
            for position in range(len(whole) - 1):
                os.write(replies, whole[position : position + 1])
                os.write(1 + position % 2, b"drip\n")
                time.sleep(0.0005)
            return whole[-1:]

        agent._frame = frame
        return function(*args, **kwargs)

    return dripping


add, mean, fit, summary = map(drip, (right.add, right.mean, right.fit, right.summary))
