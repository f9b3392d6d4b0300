"""One string with 40 000 expressions, of which Python's parser looks for each from the string's beginning."""

EXPRESSIONS = 40_000


def build(where, right):
    where.mkdir(parents=True)
    (where / "right.py").write_bytes(right)
    text = "x" * 100_000 + "{x}" * EXPRESSIONS
    (where / "basics.py").write_text(f'from right import *\nx = 1\ndef unused(): f"{text}"\n')
