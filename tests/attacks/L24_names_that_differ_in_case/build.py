"""Two files whose names differ in case only: on the student's computer one of them hides the other."""


def build(where, right):
    where.mkdir(parents=True)
    (where / "basics.py").write_text("from right import *\n")
    (where / "right.py").write_bytes(right)
    (where / "Right.py").write_text("raise SystemExit\n")
