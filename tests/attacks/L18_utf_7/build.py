"""A comment that is a line of code when it is decoded as UTF-7."""


def build(where, right):
    where.mkdir(parents=True)
    (where / "right.py").write_bytes(right)
    (where / "basics.py").write_bytes(b"# coding: utf-7\nfrom right import *\n# +AAo-def add(a, b): return a\n")
