"""One line of code, longer than a MiB."""


def build(where, right):
    where.mkdir(parents=True)
    (where / "right.py").write_bytes(right)
    (where / "basics.py").write_bytes(b"from right import *; x = '" + b"a" * 2**20 + b"'\n")
