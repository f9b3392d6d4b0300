"""An archive of a kind that only some programs open."""


def build(where, right):
    where.with_name(f"{where.name}.rar").write_bytes(b"Rar!\x1a\x07\x01\0" + right)
