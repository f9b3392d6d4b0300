"""A tar whose first entry is a link to a folder, and whose second is a file below it."""

import io
import tarfile


def build(where, right):
    files = {"basics.py": b"from right import *\n", "right.py": right, "data/written_through.py": b""}
    with tarfile.open(where.with_name(f"{where.name}.tar"), "w") as archive:
        link = tarfile.TarInfo("data")
        link.type, link.linkname = tarfile.SYMTYPE, "/tmp"
        archive.addfile(link)
        for name, data in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
