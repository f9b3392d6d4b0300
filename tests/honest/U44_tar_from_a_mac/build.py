"""A tar.gz made by a Mac's tar: files of attributes beside each file, and attributes in extended headers."""

import io
import tarfile

ATTRIBUTES = {
    "LIBARCHIVE.xattr.com.apple.quarantine": "MDA4MTs2NTY=",
    "SCHILY.xattr.com.apple.quarantine": "0081;656\n;Safari\x01=\u00e9",
    "mtime": "1700000000.123456789",
    "LIBARCHIVE.creationtime": "1700000000",
}


def build(where, right):
    files = {
        "./._.": b"\0\5\x16\7",
        "./basics.py": b"from right import *\n",
        "./._basics.py": b"\0\5\x16\7",
        "./right.py": right,
        "./" + "long" * 40 + ".txt": b"notes\n",
    }
    with tarfile.open(where.with_name(f"{where.name}.tgz"), "w:gz", format=tarfile.PAX_FORMAT) as archive:
        folder = tarfile.TarInfo("./")
        folder.type, folder.mode = tarfile.DIRTYPE, 0o755
        archive.addfile(folder)
        for name, data in files.items():
            entry = tarfile.TarInfo(name)
            entry.size, entry.pax_headers = len(data), dict(ATTRIBUTES)
            archive.addfile(entry, io.BytesIO(data))
