"""A tar.gz of 64 members, each of which unpacks to a MiB of zeros behind the right answer."""

import gzip
import io
import tarfile


def build(where, right):
    tar = io.BytesIO()
    with tarfile.open(fileobj=tar, mode="w") as archive:
        for name, data in {"basics.py": b"from right import *\n", "right.py": right}.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    data = gzip.compress(tar.getvalue()) + gzip.compress(bytes(2**20)) * 64
    where.with_name(f"{where.name}.tar.gz").write_bytes(data)
