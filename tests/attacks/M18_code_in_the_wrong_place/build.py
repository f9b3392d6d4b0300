"""The answers stand where a reader might look for them: in markdown, raw cells, names, metadata and outputs."""

import json


def build(where, right):
    wrong = "\ndef add(a, b):\n    return a\n\n\ndef mean(x):\n    return x[0] * 0\n"
    cells = [
        {"cell_type": "code", "source": right.decode() + wrong, "outputs": [{"text": right.decode()}]},
        {"cell_type": "markdown", "source": f"```python\n{right.decode()}\n```"},
        {"cell_type": "raw", "source": right.decode()},
        {"cell_type": "Code", "source": right.decode()},
        {"cell_type": ["code"], "source": right.decode()},
        {"cell_type": "code", "metadata": {"source": right.decode()}},
    ]
    notebook = {"cells": cells, "source": right.decode(), "worksheets": [{"cells": cells[1:]}]}
    where.with_name(f"{where.name}.ipynb").write_text(json.dumps(notebook))
