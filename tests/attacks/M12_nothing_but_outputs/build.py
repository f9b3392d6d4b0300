"""The cells with code are empty; the right answers are in the outputs."""

import json


def build(where, right):
    where.with_name(f"{where.name}.ipynb").write_text(
        json.dumps({"cells": [{"cell_type": "code", "source": "", "outputs": [{"text": right.decode()}]}]})
    )
