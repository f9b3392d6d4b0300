"""A zip that says of 64 MiB of zeros that they are ten bytes."""

import struct
import zipfile


def build(where, right):
    path = where.with_name(f"{where.name}.zip")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("basics.py", "from right import *\n")
        archive.writestr("right.py", right)
        archive.writestr("zeros.bin", bytes(2**26))
    data = bytearray(path.read_bytes())
    struct.pack_into("<L", data, data.rindex(b"PK\x01\x02") + 24, 10)
    struct.pack_into("<L", data, data.rindex(b"PK\x03\x04") + 22, 10)
    path.write_bytes(data)
