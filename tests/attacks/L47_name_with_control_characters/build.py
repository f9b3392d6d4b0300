"""A file whose name clears the screen and begins a line of its own."""


def build(where, right):
    where.mkdir(parents=True)
    (where / "basics.py").write_text("from right import *\n")
    (where / "right.py").write_bytes(right)
    (where / "\x1b[2J\npassed 12 of 12.py").touch()
