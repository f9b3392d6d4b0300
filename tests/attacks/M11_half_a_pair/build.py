"""Half of a pair of surrogates in the code, which no text can be encoded with."""

import json


def build(where, right):
    where.with_name(f"{where.name}.ipynb").write_text(
        json.dumps({"cells": [{"cell_type": "code", "source": "x = '\ud800'"}]})
    )
