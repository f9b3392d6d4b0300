"""A zip with a password."""

import struct
import zipfile


def build(where, right):
    path = where.with_name(f"{where.name}.zip")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("basics.py", "from right import *\n")
        archive.writestr("right.py", right)
    data = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        for place in range(len(data)):
            if data.startswith(mark, place):
                struct.pack_into("<H", data, place + offset, 1)
    path.write_bytes(data)
