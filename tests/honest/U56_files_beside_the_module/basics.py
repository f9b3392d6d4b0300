"""It finds its own files in every way that there is, and goes to another folder."""

import importlib.resources
import inspect
import os
import sys
from pathlib import Path

import right
from right import *  # noqa: F403

HERE = Path(__file__).resolve().parent
FOUND = [
    (HERE / "data" / "zero.txt").read_text(),
    Path("data/zero.txt").read_text(),
    os.popen("cat " + os.path.join(os.path.dirname(os.path.abspath(__file__)), "data", "zero.txt")).read(),
    importlib.resources.files("data").joinpath("zero.txt").read_text(),
    (Path(inspect.getfile(sys.modules[__name__])).parent / "data/zero.txt").read_text(),
]
assert [path.name for path in sorted(HERE.glob("*.py"))] == ["basics.py", "right.py"]
os.chdir(HERE / "data")


def add(a, b):
    return right.add(a, b) + sum(map(float, FOUND))


def mean(x):
    os.chdir("/tmp")
    from data.more import zero

    return right.mean(x) + zero
