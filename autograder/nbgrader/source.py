"""The source notebook of an exercise, as an nbgrader course keeps it: the student notebook with nbgrader's metadata.

No hidden test and no answer is ever in it: the points of a test cell come from the hidden suite, which runs elsewhere.
"""

import re
from pathlib import Path
from typing import Any

from autograder.assignment import Assignment, Task, load
from autograder.authoring.notebook import Piece, notebook_json, pieces
from autograder.authoring.release import write_files
from autograder.notebook import TASK_CELL

__all__ = ["source_notebook", "task_cell", "write_source"]

_SCHEMA_VERSION = 3
_UNANSWERED = re.compile(r"^([ \t]*)raise NotImplementedError\(.*\)$", re.MULTILINE)


def write_source(root: Path, slug: str, course: Path) -> Path:
    """Write `source/<slug>/<slug>.ipynb` into the folder of an nbgrader course, and return its path.

    Raises:
        AssignmentError: something of the exercise cannot be read.
        GraderError: the notebook cannot be written.
    """
    (path,) = write_files(course, {f"source/{slug}/{slug}.ipynb": source_notebook(root, slug)})
    return path


def source_notebook(root: Path, slug: str) -> bytes:
    """Return the source notebook: handout, answer cells, and one locked test cell for each task.

    The test cell of a task follows the last answer that the stub says is for it.
    """
    assignment = load(root, slug)
    found = pieces(root, slug)
    after: dict[int, list[Task]] = {}
    for task in assignment.tasks:
        places = [place for place, piece in enumerate(found) if task.number in piece.tasks]
        after.setdefault(places[-1] if places else len(found) - 1, []).append(task)
    cells = []
    for place, piece in enumerate(found):
        cells.append(_answer(piece) if piece.kind == "answer" else (piece, {}))
        cells += [task_cell(assignment, task) for task in after.get(place, [])]
    return notebook_json(cells)


def task_cell(assignment: Assignment, task: Task) -> tuple[Piece, dict[str, Any]]:
    """Return the locked test cell that carries the points of a task, with its metadata."""
    text = (
        f"# Task {task.number}: {task.title} ({task.points:g} points)\n"
        f"# The tests of this task run where {assignment.module}.py is graded; leave this cell as it is.\n"
        "# To try your answer, run its public tests: autograder check"
    )
    piece = Piece("imports", f"{TASK_CELL}{task.number}", text)
    return piece, _metadata(piece.name, grade=True, locked=True, points=float(task.points))


def _answer(piece: Piece) -> tuple[Piece, dict[str, Any]]:
    """Mark what is to be answered, so that `nbgrader generate_assignment` puts its own stub there and nowhere else."""
    marked = _UNANSWERED.sub(r"\1### BEGIN SOLUTION\n\g<0>\n\1### END SOLUTION", piece.source)
    return Piece(piece.kind, piece.name, marked), _metadata(piece.name, solution=True)


def _metadata(name: str, **values: Any) -> dict[str, Any]:
    """Return a cell's nbgrader metadata (schema version 3)."""
    given = {"grade": False, "locked": False, "solution": False, "task": False, **values}
    return {"nbgrader": {"cell_type": "code", "grade_id": name, "schema_version": _SCHEMA_VERSION, **given}}
