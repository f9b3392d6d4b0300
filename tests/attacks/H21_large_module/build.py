"""A module of two MiB, all of it one literal."""


def build(where, right):
    where.mkdir(parents=True)
    (where / "right.py").write_bytes(right)
    numbers = "1," * 2**20
    (where / "basics.py").write_text(f"from right import *\nnumbers = [{numbers}]\n")
