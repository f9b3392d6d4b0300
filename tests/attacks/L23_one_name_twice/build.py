"""A zip with two files of one name: the one that a person opens, and the one that would be run."""

import warnings
import zipfile


def build(where, right):
    with zipfile.ZipFile(where.with_name(f"{where.name}.zip"), "w") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        archive.writestr("basics.py", "from right import *\n")
        archive.writestr("right.py", right)
        archive.writestr("basics.py", "raise SystemExit\n")
