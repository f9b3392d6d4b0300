"""A tar.gz of a few hundred bytes with a name of thousands of accents, which take long to be put in their order."""

import io
import tarfile

MARKS = 8_000


def build(where, right):
    name = "a" + "\u0315" * MARKS + "\u0316" * MARKS
    with tarfile.open(where.with_name(f"{where.name}.tar.gz"), "w:gz", format=tarfile.PAX_FORMAT) as archive:
        for path, data in {"basics.py": b"from right import *\n", "right.py": right, name: b""}.items():
            entry = tarfile.TarInfo(path)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
