"""A tar whose entries belong to root, are setuid, may be read by nobody and come from the future."""

import io
import tarfile

CODE = b"""
import os
import time

import right
from right import *


def add(a, b):
    for name in ("basics.py", "right.py"):
        found = os.stat(name)
        assert found.st_uid == os.getuid() and not found.st_mode & 0o7000 and os.access(name, os.R_OK), found
        assert abs(found.st_mtime - time.time()) < 3600, found
    return right.add(a, b)
"""


def build(where, right):
    with tarfile.open(where.with_name(f"{where.name}.tar.gz"), "w:gz") as archive:
        for name, data in {"basics.py": CODE, "right.py": right}.items():
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode, entry.mtime = len(data), 0o7000, 2**33
            entry.uid = entry.gid = 0
            entry.uname = entry.gname = "root"
            archive.addfile(entry, io.BytesIO(data))
