"""One file, called like its student."""


def build(where, right):
    where.with_name(f"{where.name}.py").write_bytes(right)
