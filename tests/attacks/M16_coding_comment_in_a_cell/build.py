"""A cell that begins with a coding comment, and another with what would be a line of code in that encoding."""

import json


def build(where, right):
    cells = ["# coding: utf-7\n# +AAo-raise SystemExit", right.decode(), "# +AAo-def add(a, b): return a"]
    notebook = {"cells": [{"cell_type": "code", "source": source} for source in cells]}
    where.with_name(f"{where.name}.ipynb").write_text(json.dumps(notebook))
