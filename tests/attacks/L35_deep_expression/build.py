"""An expression with 100 000 operators, each inside the next."""


def build(where, right):
    where.mkdir(parents=True)
    (where / "right.py").write_bytes(right)
    (where / "basics.py").write_bytes(b"from right import *\nx = " + b"-" * 100_000 + b"1\n")
