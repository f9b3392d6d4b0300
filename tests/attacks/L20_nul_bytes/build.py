"""Behind a NUL byte, where a reader in C stops, there is more code."""


def build(where, right):
    where.mkdir(parents=True)
    (where / "right.py").write_bytes(right)
    (where / "basics.py").write_bytes(b"from right import *\n\0\ndef add(a, b): return a\n")
