"""A code cell whose lines are numbers, null and lists."""

import json


def build(where, right):
    where.with_name(f"{where.name}.ipynb").write_text(
        json.dumps({"cells": [{"cell_type": "code", "source": ["x = 1", 1, None, ["y"]]}]})
    )
