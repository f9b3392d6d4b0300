"""Outputs, attachments and widgets with scripts, and with words that must not be found on any page."""

import json

# In two parts, because this file could be searched too.
SCRIPT = "<script>alert('canary of the " + "golden neighbour')</script>"


def build(where, right):
    data = {
        "text/html": SCRIPT,
        "application/javascript": SCRIPT,
        "image/svg+xml": f"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'>{SCRIPT}</svg>",
        "image/png": SCRIPT,
        "text/markdown": f"[{SCRIPT}](javascript:alert(1))",
        "application/vnd.jupyter.widget-view+json": {"model_id": SCRIPT},
    }
    outputs = [
        {"output_type": "display_data", "data": data, "metadata": {"text/html": {"isolated": False}}},
        {"output_type": "execute_result", "execution_count": 10**9, "data": data, "metadata": {}},
        {"output_type": "error", "ename": SCRIPT, "evalue": SCRIPT, "traceback": [SCRIPT]},
        {"output_type": "stream", "name": SCRIPT, "text": SCRIPT},
    ]
    cells = [
        {"cell_type": "markdown", "source": SCRIPT, "attachments": {SCRIPT: data}, "metadata": {}},
        {"cell_type": "raw", "source": SCRIPT, "metadata": {}},
        {"cell_type": "code", "source": right.decode(), "outputs": outputs, "metadata": {"name": SCRIPT}, "id": SCRIPT},
    ]
    notebook = {"cells": cells, "metadata": {"widgets": data, "title": SCRIPT}, "nbformat": 4, "nbformat_minor": 5}
    where.with_name(f"{where.name}.ipynb").write_text(json.dumps(notebook))
