"""A zip in which one name leads out of the folder, to where the judge's own files would lie."""

import zipfile


def build(where, right):
    with zipfile.ZipFile(where.with_name(f"{where.name}.zip"), "w") as archive:
        archive.writestr("basics.py", "from right import *\n")
        archive.writestr("right.py", right)
        archive.writestr("../../../../tmp/work/right.py", "raise SystemExit\n")
