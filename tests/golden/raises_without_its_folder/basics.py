"""`add` removes the folder that it runs in, then raises."""

import os
import shutil

from right import *  # noqa: F403


def add(a, b):
    shutil.rmtree(os.getcwd())
    raise ValueError("the folder is gone")
