"""A zip in which a name is a file, and a folder with a file in it."""

import zipfile


def build(where, right):
    with zipfile.ZipFile(where.with_name(f"{where.name}.zip"), "w") as archive:
        archive.writestr("basics.py", "from right import *\n")
        archive.writestr("right.py", right)
        archive.writestr("right.py/__init__.py", "raise SystemExit\n")
