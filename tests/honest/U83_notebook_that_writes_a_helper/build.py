"""A notebook that writes a helper file from a cell, and shows things with what it imports from IPython."""

import json


def build(where, right):
    cells = [
        "from IPython.display import HTML, clear_output\nclear_output(wait=True)\nHTML('<b>Hello</b>')",
        f"%%writefile answers.py\n{right.decode()}",
        "import IPython\nIPython.display.Markdown('# Answers')\nfrom answers import *",
    ]
    notebook = {"cells": [{"cell_type": "code", "source": source} for source in cells]}
    where.with_name(f"{where.name}.ipynb").write_text(json.dumps(notebook))
