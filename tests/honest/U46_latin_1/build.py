"""A source in Latin-1, with the comment that says so on its second line."""

CODE = """#!/usr/bin/env python3
# vim: set fileencoding=latin-1 :
from right import *

name = "Andr\u00e9"
assert len(name) == 5


def gr\u00f6\u00dfe(x):
    return x.min()


def summary(x):
    return {"low": gr\u00f6\u00dfe(x), "high": -gr\u00f6\u00dfe(-x)}
"""


def build(where, right):
    where.mkdir(parents=True)
    (where / "right.py").write_bytes(right)
    (where / "basics.py").write_bytes(CODE.encode("latin-1"))
