"""A zip in which 2000 entries are the same 64 KiB of zeros: few bytes, 125 MiB."""

import struct
import zipfile

ENTRIES = 2000


def build(where, right):
    path = where.with_name(f"{where.name}.zip")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("basics.py", "from right import *\n")
        archive.writestr("right.py", right)
        archive.writestr("0000.bin", bytes(2**16))
    data = path.read_bytes()
    start, end = data.rindex(b"PK\x01\x02"), data.rindex(b"PK\x05\x06")
    entry, first = data[start:end], data.index(b"PK\x01\x02")
    more = b"".join(entry.replace(b"0000.bin", b"%04d.bin" % number) for number in range(1, ENTRIES))
    count = ENTRIES + 2
    closing = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, count, count, end - first + len(more), first, 0)
    path.write_bytes(data[:end] + more + closing)
