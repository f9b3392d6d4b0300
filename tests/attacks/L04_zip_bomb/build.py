"""64 MiB of zeros in a zip of 64 KiB."""

import zipfile


def build(where, right):
    with zipfile.ZipFile(where.with_name(f"{where.name}.zip"), "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("basics.py", "from right import *\n")
        archive.writestr("right.py", right)
        archive.writestr("zeros.bin", bytes(2**26))
