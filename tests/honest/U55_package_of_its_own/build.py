"""The folder is a package, and the module imports what lies beside it by relative imports."""

import zipfile


def build(where, right):
    files = {
        "hw1/__init__.py": b"from .basics import add\n",
        "hw1/basics.py": b"from . import parts\nfrom .parts import *\nadd = parts.add\n",
        "hw1/parts.py": b"from .right import *\n",
        "hw1/right.py": right,
    }
    with zipfile.ZipFile(where.with_name(f"{where.name}.zip"), "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
