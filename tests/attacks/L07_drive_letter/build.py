"""A zip in which one name is on another drive."""

import zipfile


def build(where, right):
    with zipfile.ZipFile(where.with_name(f"{where.name}.zip"), "w") as archive:
        archive.writestr("basics.py", "from right import *\n")
        archive.writestr("right.py", right)
        archive.writestr("C:/Windows/right.py", "raise SystemExit\n")
