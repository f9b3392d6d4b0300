"""A notebook in the form of ten years ago: sheets, and input in place of source."""

import json


def build(where, right):
    first, second, third = right.decode().partition("class Line")
    cells = [
        {"cell_type": "heading", "level": 1, "source": "Homework"},
        {"cell_type": "code", "input": first.splitlines(keepends=True), "language": "python", "outputs": []},
        {"cell_type": "code", "input": second + third, "language": "python", "prompt_number": 2},
    ]
    notebook = {"metadata": {"name": ""}, "nbformat": 3, "worksheets": [{"cells": cells, "metadata": {}}]}
    where.with_name(f"{where.name}.ipynb").write_text(json.dumps(notebook))
