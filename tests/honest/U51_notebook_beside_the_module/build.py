"""The module, and the notebooks in which it was tried out, with errors in them."""

import json


def build(where, right):
    where.mkdir(parents=True)
    (where / "basics.py").write_text("from right import *\n")
    (where / "right.py").write_bytes(right)
    for name in ("basics.ipynb", "scratch.ipynb"):
        (where / name).write_text(json.dumps({"cells": [{"cell_type": "code", "source": "from basics import ("}]}))
