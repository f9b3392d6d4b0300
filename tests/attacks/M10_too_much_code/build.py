"""Two MiB of code in one cell."""

import json


def build(where, right):
    where.with_name(f"{where.name}.ipynb").write_text(
        json.dumps({"cells": [{"cell_type": "code", "source": "x = '" + "a" * 2**21 + "'"}]})
    )
