"""Two files whose names look the same: an e with its accent, and an e and its accent."""

import io
import tarfile


def build(where, right):
    files = {
        "basics.py": b"from right import *\n",
        "right.py": right,
        "donn\u00e9es.csv": b"1\n",
        "donne\u0301es.csv": b"2\n",
    }
    with tarfile.open(where.with_name(f"{where.name}.tar"), "w") as archive:
        for name, data in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
