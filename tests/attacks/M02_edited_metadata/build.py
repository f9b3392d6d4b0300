"""Metadata that give points, move cells about and unlock what is graded."""

import json

UNLOCKED = {"grade": True, "locked": False, "solution": True, "points": 1000, "grade_id": "add", "schema_version": -1}
LOCKED = {"grade": True, "locked": True, "solution": False, "points": 0, "grade_id": "add", "schema_version": "99"}


def build(where, right):
    cells = [
        (right.decode(), {"nbgrader": UNLOCKED}),
        ("def add(a, b):\n    return a", {"nbgrader": LOCKED}),
        ("def mean(x):\n    return 0", {"tags": ["skip-grading"], "nbgrader": UNLOCKED}),
        ("def scale(x, factor):\n    return x", {"nbgrader": {"grade": "true", "locked": 1}, "tags": "skip-grading"}),
    ]
    written = [{"cell_type": "code", "source": source, "metadata": metadata} for source, metadata in cells]
    notebook = {
        "cells": written,
        "metadata": {"celltoolbar": "Create Assignment", "points": 1000, "autograder": {"module": "other"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    where.with_name(f"{where.name}.ipynb").write_text(json.dumps(notebook))
