"""A zip packed with LZMA, of which a few bytes become gigabytes before a reader can stop."""

import zipfile


def build(where, right):
    with zipfile.ZipFile(where.with_name(f"{where.name}.zip"), "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("basics.py", "from right import *\n")
        archive.writestr("right.py", right)
