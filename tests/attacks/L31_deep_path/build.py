"""A tar with a file 10 000 folders deep."""

import io
import tarfile


def build(where, right):
    files = {"basics.py": b"from right import *\n", "right.py": right, f"{'d/' * 10_000}deep.csv": b"1\n"}
    with tarfile.open(where.with_name(f"{where.name}.tar.gz"), "w:gz") as archive:
        for name, data in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
