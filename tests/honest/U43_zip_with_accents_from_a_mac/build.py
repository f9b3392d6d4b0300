"""A zip whose names are UTF-8 without the flag that says so, as a Mac's Finder writes them."""

import struct
import zipfile

CODE = """
from pathlib import Path

from right import *

ZERO = float(Path("donn\u00e9es/z\u00e9ro.csv").read_text())


def add(a, b):
    return a + b + ZERO
"""
MARKS = ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8))


def build(where, right):
    path = where.with_name(f"{where.name}.zip")
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("basics.py", CODE.encode())
        archive.writestr("right.py", right)
        archive.writestr("donne\u0301es/ze\u0301ro.csv", b"0\n")
    data = bytearray(path.read_bytes())
    for mark, offset in MARKS:
        for place in range(len(data)):
            if data.startswith(mark, place):
                struct.pack_into("<H", data, place + offset, 0)
    path.write_bytes(data)
