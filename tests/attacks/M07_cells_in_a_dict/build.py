"""The cells are a dict, which says of itself that it has none."""

import json


def build(where, right):
    where.with_name(f"{where.name}.ipynb").write_text(
        json.dumps({"cells": {"0": {"cell_type": "code", "source": right.decode()}}})
    )
