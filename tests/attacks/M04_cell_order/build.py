"""A right helper is replaced after its use, in a cell that says it ran first; a test of one's own says all is well."""

import json


def build(where, right):
    cells = [
        (right.decode(), 7),
        ("def times(x, factor):\n    return x * factor", 2),
        ("def scale(x, factor):\n    return times(x, factor)", 3),
        ("import torch\nassert float(scale(torch.ones(1), 2)) == 2\nprint('all tests passed')", 4),
        ("def times(x, factor):\n    return x", 1),
    ]
    written = [
        {"cell_type": "code", "source": source, "execution_count": count, "metadata": {}, "outputs": []}
        for source, count in cells
    ]
    notebook = {"cells": written, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    where.with_name(f"{where.name}.ipynb").write_text(json.dumps(notebook))
