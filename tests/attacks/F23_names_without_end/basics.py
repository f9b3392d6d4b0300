"""Claims that its module has nearly two hundred thousand names like the one that was asked for, and takes the time.

The next request comes when the judge has dealt with this reply: no worker may keep it busy for longer than it works.
"""

import time

import right
from forge import frame, reply_with
from right import *  # noqa: F403

replied = []


def square_sum(x):
    names = "".join(f',"sq{number:08}uare_sum"' for number in range(190_000))

    def reply(identity):
        replied.append(time.monotonic())
        return frame(f'["d","id","{identity}","missing",["l"{names}]]')

    reply_with(reply)


class Line(right.Line):
    def __init__(self, weight, bias):
        super().__init__(weight, bias)
        if replied:
            assert time.monotonic() - replied.pop() < 1, "the judge was busy"
