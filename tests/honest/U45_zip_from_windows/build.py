"""A zip made by Windows: its line ends, byte order marks, thumbnails, and empty folders."""

import zipfile

MARK = b"\xef\xbb\xbf"


def build(where, right):
    code = MARK + b"# -*- coding: utf-8 -*-\r\nfrom right import *\r\n\r\ntext = '\xc3\xbc' \\\r\n    'b'\r\n"
    files = {
        "New folder (2)/basics.py": code + b"assert text == '\xc3\xbcb'\r\n",
        "New folder (2)/right.py": MARK + right.replace(b"\n", b"\r\n"),
        "New folder (2)/desktop.ini": b"[.ShellClassInfo]\r\n",
        "New folder (2)/Thumbs.db": b"\xd0\xcf\x11\xe0",
        "New folder (2)/empty/": b"",
    }
    with zipfile.ZipFile(where.with_name(f"{where.name}.zip"), "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name)
            entry.create_system = 0
            archive.writestr(entry, data)
