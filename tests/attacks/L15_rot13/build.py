"""The source says that it is written in ROT13, so that nobody finds in it what it does."""


def build(where, right):
    where.mkdir(parents=True)
    (where / "right.py").write_bytes(right)
    (where / "basics.py").write_bytes(b"# coding: rot13\nsebz evtug vzcbeg *\n")
