"""A notebook as it is after a long night: magic, markdown, outputs, old versions of a function, cells without ids."""

import json

CELLS = [
    "%matplotlib inline\n%load_ext autoreload\n%autoreload 2\n!pip install -q torch  # once\nimport torch",
    "",
    "# first try\ndef add(a, b):\n    return a - b",
    "torch.add?",
    "%%time\ndef add(a, b):\n    result = a + b\n    return result",
    "%%html\n<b>done</b>",
    "add(torch.ones(2), torch.ones(2))",
    "x = torch.randn(10)\n%timeit -n 1 x.mean()\ndisplay(x.mean())",
    "files = !ls\nif torch.cuda.is_available():\n    !nvidia-smi\nelse:\n    print('no GPU')",
    "from __future__ import annotations\ndef mean(x: Tensor) -> Tensor:\n    return x.mean()",
    "import matplotlib.pyplot as plt\nplt.plot([1, 2]);\nplt.show()",
]


def build(where, right):
    cells = [{"cell_type": "markdown", "metadata": {}, "source": ["# Homework\n", "By *me*."]}]
    for count, source in enumerate([right.decode(), *CELLS], 5):
        lines = source.splitlines(keepends=True) if count % 2 else source
        output = {"output_type": "stream", "name": "stdout", "text": ["..."]}
        cells.append({"cell_type": "code", "execution_count": count, "source": lines, "outputs": [output]})
    notebook = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    where.with_name(f"{where.name}.ipynb").write_text(json.dumps(notebook, indent=1), encoding="utf-8-sig")
