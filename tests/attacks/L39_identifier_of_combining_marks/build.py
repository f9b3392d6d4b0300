"""A variable with thousands of accents, which Python's parser takes long to put in their order."""

MARKS = 4_000


def build(where, right):
    where.mkdir(parents=True)
    (where / "right.py").write_bytes(right)
    name = "a" + "\u0315" * MARKS + "\u0316" * MARKS
    (where / "basics.py").write_text(f"from right import *\n{name} = 1\n", encoding="utf-8")
