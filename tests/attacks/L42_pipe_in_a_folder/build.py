"""A folder with a pipe called a data file: whoever opens it waits for ever."""

import os


def build(where, right):
    where.mkdir(parents=True)
    (where / "basics.py").write_text("from right import *\n")
    (where / "right.py").write_bytes(right)
    os.mkfifo(where / "data.csv")
