"""Cells that would delete, install and overwrite, were Jupyter to run them; and code that looks for what they did."""

import json

CELLS = [
    "!rm -rf ~ /work /tmp/*",
    "%%bash\nrm right.py\nkill -9 -1",
    "%%writefile basics.py\ndef add(a, b):\n    return a",
    "found = !touch touched\n%cd /\n%run touched.py\n%load_ext autoreload\n%autoreload 2",
    "if True:\n    !touch touched",
    "shell = get_ipython()\nif shell is not None:\n    shell.system('touch touched')",
    "import os\nassert not os.path.exists('touched') and os.getcwd() != '/'",
]


def build(where, right):
    cells = [{"cell_type": "code", "source": source, "metadata": {}} for source in [*CELLS, right.decode()]]
    notebook = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    where.with_name(f"{where.name}.ipynb").write_text(json.dumps(notebook))
