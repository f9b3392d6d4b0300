"""A byte order mark says UTF-8, and a coding comment Latin-1."""


def build(where, right):
    where.mkdir(parents=True)
    (where / "right.py").write_bytes(right)
    (where / "basics.py").write_bytes(b"\xef\xbb\xbf# coding: latin-1\nfrom right import *\n")
