"""300 000 names in one list, each of which costs the parser a KiB."""


def build(where, right):
    where.mkdir(parents=True)
    (where / "right.py").write_bytes(right)
    (where / "basics.py").write_bytes(b"from right import *\nx = [" + b"x," * 300_000 + b"]\n")
