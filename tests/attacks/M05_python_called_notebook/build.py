"""A Python file under the ending of a notebook."""


def build(where, right):
    where.with_name(f"{where.name}.ipynb").write_bytes(right)
