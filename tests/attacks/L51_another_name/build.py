"""The file has the name that a browser gave it."""


def build(where, right):
    where.mkdir(parents=True)
    (where / "right.py").write_bytes(right)
    (where / "Basics (1).py").write_text("from right import *\n")
