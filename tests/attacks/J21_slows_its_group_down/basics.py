"""`fit` gives its process group, and all processes of its user, the lowest priority, for those who come after it."""

import contextlib
import os

import right
from right import *  # noqa: F403


def fit(x, y, steps):
    for which in (os.PRIO_PGRP, os.PRIO_USER):
        with contextlib.suppress(PermissionError):
            os.setpriority(which, 0, 19)
    return right.fit(x, y, steps)
