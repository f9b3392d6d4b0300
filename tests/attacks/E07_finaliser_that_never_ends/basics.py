"""An object that the judge has a handle of cannot be dropped: its finaliser never ends."""

import time

import right
from right import *  # noqa: F403


class Line(right.Line):
    def __del__(self):
        time.sleep(1000)
