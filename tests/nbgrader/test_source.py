"""The source notebook of an exercise: what nbgrader makes of it, and what it must not hold."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbgrader.nbgraderformat import MetadataValidator

from autograder.assignment import load, slugs
from autograder.nbgrader.source import source_notebook, write_source

ROOT = Path(__file__).parents[2]
SLUGS = slugs(ROOT)


def marked(cells: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return the nbgrader metadata of the cells that have any, by grade_id."""
    found = [cell["metadata"]["nbgrader"] for cell in cells if "nbgrader" in cell["metadata"]]
    assert len({one["grade_id"] for one in found}) == len(found)
    return {one["grade_id"]: one for one in found}


@pytest.mark.parametrize("slug", SLUGS)
def test_each_task_has_one_locked_test_cell_with_its_points(slug: str) -> None:
    cells = marked(json.loads(source_notebook(ROOT, slug))["cells"])
    points = {name: cell["points"] for name, cell in cells.items() if cell["grade"]}
    assert points == {f"task-{task.number}": task.points for task in load(ROOT, slug).tasks}
    assert all(cells[name]["locked"] for name in points)


@pytest.mark.parametrize("slug", SLUGS)
def test_the_metadata_is_valid_by_nbgraders_own_schema(slug: str) -> None:
    notebook = nbformat.reads(source_notebook(ROOT, slug).decode(), as_version=4)  # type: ignore[no-untyped-call]
    MetadataValidator().validate_nb(notebook)


@pytest.mark.long
def test_nbgrader_generates_the_assignment_from_it_as_it_is(tmp_path: Path) -> None:
    for slug in SLUGS:
        write_source(ROOT, slug, tmp_path)
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"  # nbgrader calls `alembic` by name
    environment = {**os.environ, "HOME": str(tmp_path), "JUPYTER_PLATFORM_DIRS": "1", "PATH": path}
    for slug in SLUGS:
        command = [sys.executable, "-m", "nbgrader", "generate_assignment", slug, f"--course-dir={tmp_path}"]
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stderr
        released = json.loads((tmp_path / "release" / slug / f"{slug}.ipynb").read_text(encoding="utf-8"))
        source = json.loads(source_notebook(ROOT, slug))
        assert marked(released["cells"]).keys() == marked(source["cells"]).keys()
        for before, after in zip(source["cells"], released["cells"], strict=True):
            expected = "".join(before["source"])
            if before["metadata"].get("nbgrader", {}).get("solution"):
                assert "# YOUR CODE HERE" in "".join(after["source"])
                assert "SOLUTION" not in "".join(after["source"])
                assert "".join(after["source"]).startswith(expected.split("\n")[0])
            else:
                assert "".join(after["source"]) == expected
