"""A zip with a notebook that imports a module and reads data from beside it."""

import json
import zipfile

CELL = "import json, os, sys\nsys.path.insert(0, os.path.abspath('..'))\nfrom src.right import *\nfrom src import right"
DATA = "zero = json.load(open('data/zero.json'))\ndef add(a, b):\n    return right.add(a, b) + zero"


def build(where, right):
    cells = [{"cell_type": "code", "source": source, "outputs": []} for source in (CELL, DATA)]
    files = {"My answer.ipynb": json.dumps({"cells": cells}), "src/right.py": right, "data/zero.json": b"0\n"}
    with zipfile.ZipFile(where.with_name(f"{where.name}.zip"), "w") as archive:
        for name, data in files.items():
            archive.writestr(f"hw1/{name}", data)
