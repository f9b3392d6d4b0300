"""The metadata name a kernel that is a shell command; beside the notebook lie settings that Jupyter would run."""

import json

LANGUAGE = {"name": "bash", "file_extension": ".sh", "mimetype": "text/x-sh", "codemirror_mode": "shell"}
KERNEL = {"name": "evil", "display_name": "evil", "language": "bash", "argv": ["/bin/sh", "-c", "kill -9 -1"]}
SETTINGS = "import os\n\nos._exit(0)\n"


def build(where, right):
    (where / ".ipython/profile_default/startup").mkdir(parents=True)
    cells = [{"cell_type": "code", "source": right.decode().splitlines(keepends=True), "metadata": {"language": "R"}}]
    notebook = {
        "cells": cells,
        "metadata": {"kernelspec": KERNEL, "language_info": LANGUAGE},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    (where / "basics.ipynb").write_text(json.dumps(notebook))
    for name in ("jupyter_notebook_config.py", "jupyter_server_config.py", ".ipython/profile_default/startup/00.py"):
        (where / name).write_text(SETTINGS)
