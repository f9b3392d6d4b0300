"""One line with 1000 `from __future__` imports and a text of 2 MiB, from which each import is cut out in turn."""

import json


def build(where, right):
    line = "from __future__ import annotations;" * 1000 + "x = '" + "a" * 2**21 + "'"
    notebook = {"cells": [{"cell_type": "code", "source": line}, {"cell_type": "code", "source": right.decode()}]}
    where.with_name(f"{where.name}.ipynb").write_text(json.dumps(notebook))
