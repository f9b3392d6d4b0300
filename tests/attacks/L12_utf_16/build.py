"""The source is UTF-16, which Python does not read and some editors do."""


def build(where, right):
    where.mkdir(parents=True)
    (where / "right.py").write_bytes(right)
    (where / "basics.py").write_bytes("from right import *\n".encode("utf-16"))
