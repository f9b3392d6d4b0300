"""Cells that ask Jupyter for things in Python, as `nbconvert` writes lines of magic, and as courses teach it."""

import json

CELLS = [
    "get_ipython().run_line_magic('matplotlib', 'inline')\nget_ipython().system('pip install -q torch')",
    "if get_ipython() is not None:\n    get_ipython().run_line_magic('load_ext', 'autoreload')",
    "display('done')",
]


def build(where, right):
    cells = [{"cell_type": "code", "source": source} for source in [*CELLS, right.decode()]]
    where.with_name(f"{where.name}.ipynb").write_text(json.dumps({"cells": cells}))
