"""A variable with thousands of characters that become accents only when Python's parser takes them apart."""

TWO_MARKS = "\u0f73" * 2_000
MARK_AND_LETTER = "\u0315\uff9e" * 1_000


def build(where, right):
    where.mkdir(parents=True)
    (where / "right.py").write_bytes(right)
    (where / "basics.py").write_text(f"from right import *\na{TWO_MARKS}{MARK_AND_LETTER} = 1\n", encoding="utf-8")
