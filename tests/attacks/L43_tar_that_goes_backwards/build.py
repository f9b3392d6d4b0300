"""A tar whose second entry says that it is 1024 bytes shorter than nothing, so that a reader goes round and round."""

import io
import tarfile


def build(where, right):
    path = where.with_name(f"{where.name}.tar")
    with tarfile.open(path, "w") as archive:
        entry = tarfile.TarInfo("basics.py")
        entry.size = len(right)
        archive.addfile(entry, io.BytesIO(right))
    block = bytearray(tarfile.TarInfo("again.csv").tobuf())
    block[124:136] = b"\xff" * 10 + b"\xfc\x00"
    block[148:156] = b"%06o\0 " % (256 + sum(block[:148]) + sum(block[156:]))
    whole = path.read_bytes().rstrip(b"\0")
    path.write_bytes(whole + bytes(-len(whole) % 512) + block + bytes(1024))
