"""The second cell leaves a bracket open, for the third to close."""

import json

OPEN = "# with a bracket that stays open\nx = torch.add("


def build(where, right):
    where.mkdir(parents=True)
    cells = [{"cell_type": "code", "source": source} for source in (right.decode(), OPEN, "x, x)")]
    (where / "basics.ipynb").write_text(json.dumps({"cells": cells}))
