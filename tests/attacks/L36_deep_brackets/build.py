"""50 000 open brackets, more than Python's parser takes."""


def build(where, right):
    where.mkdir(parents=True)
    (where / "right.py").write_bytes(right)
    (where / "basics.py").write_bytes(b"from right import *\nx = " + b"[" * 50_000 + b"]" * 50_000 + b"\n")
