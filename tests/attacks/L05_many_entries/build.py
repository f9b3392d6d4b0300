"""A zip of 300 000 entries that claims to have one."""

import struct

ENTRIES = 300_000


def build(where, right):
    entry = struct.pack("<4s4B4HL2L5H2L", b"PK\x01\x02", *[0] * 11, 1, *[0] * 6) + b"a"
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, len(entry) * ENTRIES, 0, 0)
    where.with_name(f"{where.name}.zip").write_bytes(entry * ENTRIES + end)
