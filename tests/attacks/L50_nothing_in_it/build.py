"""A file of nothing but blank lines."""


def build(where, right):
    where.mkdir(parents=True)
    (where / "right.py").write_bytes(right)
    (where / "basics.py").write_text("\n \n\t\n")
