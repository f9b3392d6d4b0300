"""What a submitted notebook becomes before it is graded, and what its test cells show afterwards. Pure.

Students add, delete, move, convert and copy cells, and tools write metadata of their own. What is left of a cell here
is its text; whatever nbgrader needs beside that comes from the course's own source notebook.
"""

import json
import textwrap
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import nbformat
from nbformat.notebooknode import NotebookNode

from autograder.report.text import MARKS, advice, meaning, next_step, one_line, owed, score, visible
from autograder.result import Result, Status, TestResult
from autograder.scoring import total

__all__ = ["Original", "outputs", "parsed", "restore", "task_points"]

_KINDS = ("code", "markdown", "raw")
_WIDTH = 96
"""Most characters of a line that is said to a student."""


@dataclass(frozen=True)
class Original:
    """A cell of the source notebook that nbgrader knows by its `grade_id`."""

    name: str
    kind: str
    """Its `cell_type`."""
    source: str
    checksum: str | None
    locked: bool
    solution: bool
    points: float | None
    """None where it is no test cell."""

    def metadata(self) -> dict[str, Any]:
        """Return the metadata that nbgrader wants on the cell (schema version 3)."""
        known: dict[str, Any] = {
            "schema_version": 3,
            "grade_id": self.name,
            "grade": self.points is not None,
            "locked": self.locked,
            "solution": self.solution,
            "task": False,
            "cell_type": self.kind,
        }
        if self.points is not None:
            known["points"] = self.points
        if self.checksum is not None:
            known["checksum"] = self.checksum
        return known


def parsed(data: bytes, name: str) -> NotebookNode:
    """Return a submitted notebook as nbformat 4; what is no notebook becomes one without code that says so."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of ids that are missing or there twice: `restore` gives new ones
            return nbformat.reads(data.decode("utf-8-sig"), as_version=4)
    except Exception:  # nbformat lets through whatever its parsers and converters raise
        return _salvaged(data) or _refused(name)


def _refused(name: str) -> NotebookNode:
    text = (
        f"`{name}` is not a notebook: it does not hold the JSON that Jupyter writes. "
        "Open it in Jupyter, save it as .ipynb, and hand it in again."
    )
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(source=text)])


def _salvaged(data: bytes) -> NotebookNode | None:
    """Return the cells of a notebook in which something else is wrong, such as outputs; None where there are none."""
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        return None
    cells = found.get("cells") if isinstance(found, dict) else None
    if not isinstance(cells, list) or not cells:
        return None
    notebook = nbformat.v4.new_notebook()
    for cell in cells:
        notebook.cells.append(_cell(_kind(cell), _text(cell), None))
        if _grade_id(cell):
            notebook.cells[-1].metadata["nbgrader"] = NotebookNode(grade_id=_grade_id(cell))
    return notebook


def restore(notebook: NotebookNode, originals: Sequence[Original]) -> None:
    """Make a submitted notebook sound: the text of its cells, and the metadata and locked cells of the source notebook.

    Of cells with the same `grade_id` the last one keeps it, as in nbgrader. A test cell that is missing is put back at
    the end, so that its points can be given.
    """
    by_name = {original.name: original for original in originals}
    kept = []
    for cell in reversed(notebook.get("cells", [])):
        original = by_name.pop(_grade_id(cell), None)
        kept.append(_cell(_kind(cell), _text(cell), original))
    kept.reverse()
    kept += [_cell(one.kind, one.source, one) for one in by_name.values() if one.points is not None]
    for number, cell in enumerate(kept, start=1):
        cell["id"] = f"cell-{number}"
    notebook["cells"] = kept
    notebook["metadata"] = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    notebook["nbformat"], notebook["nbformat_minor"] = 4, 5


def task_points(result: Result, task: int) -> float | None:
    """Return the points of a task, None where it is ungraded."""
    if result.error:
        return result.points
    return total(test.points for test in result.tests if test.task == task)


def outputs(result: Result, task: int) -> list[NotebookNode]:
    """Return what the test cell of a task shows: how each test ended, and its points where nbgrader looks for them.

    That of the first task also has what was noticed on receiving the notebook. nbgrader takes a number that is a cell's
    result for partial credit (`nbgrader.utils.determine_grade`); what is written to standard output counts for nothing.
    """
    if result.error:
        text = f"{_wrapped(visible(result.error))}\n\n{next_step(result)}"
    else:
        theirs = msgspec.structs.replace(result, tests=tuple(test for test in result.tests if test.task == task))
        text = "\n".join(map(_told, theirs.tests))
        if theirs.ungraded:
            text += f"\n\n{owed(theirs)}"
    if task == result.tasks[0].number:
        text += "".join("\n\n" + _wrapped(f"Note: {visible(note)}") for note in result.submission.notes)
    shown = [nbformat.v4.new_output("stream", name="stdout", text=f"{text}\n")]
    points = task_points(result, task)
    if points is not None:
        number = json.dumps(round(points, 6))
        shown.append(nbformat.v4.new_output("execute_result", data={"text/plain": number}, execution_count=None))
    return shown


def _told(test: TestResult) -> str:
    """Say how a test ended, in a line where it passed and in a few where it did not."""
    device = f" [{test.device}]" if test.device else ""
    head = f"{MARKS[test.status].symbol} {one_line(test.title)}{device}  {score(test.points, test.max_points)}"
    if test.status is Status.PASSED:
        return head
    parts = [part for part in (meaning(test.status), test.explanation, *advice(test)) if part]
    said = _wrapped(visible("\n".join(parts)), indent="    ")
    return f"{head}\n{said}"


def _wrapped(text: str, indent: str = "") -> str:
    """Break long lines, because formgrader and feedback show output as it is, in a box that must be scrolled."""
    lines: list[str] = []
    for line in text.split("\n"):
        lines += textwrap.wrap(line, _WIDTH, break_long_words=False, break_on_hyphens=False) or [""]
    return "\n".join(f"{indent}{line}" for line in lines)


def _cell(kind: str, text: str, original: Original | None) -> NotebookNode:
    """Return a plain cell, or one that stands where a cell of the source notebook stood."""
    if original is not None:
        kind = original.kind
        text = original.source if original.locked else text
    metadata: Mapping[str, Any] = {"nbgrader": original.metadata()} if original is not None else {}
    make = {"code": nbformat.v4.new_code_cell, "markdown": nbformat.v4.new_markdown_cell}
    return make.get(kind, nbformat.v4.new_raw_cell)(source=text, metadata=NotebookNode(metadata))


def _grade_id(cell: Any) -> str:
    """Return the `grade_id` of a cell, or nothing; its metadata may be anything."""
    metadata = cell.get("metadata") if isinstance(cell, dict) else None
    nbgrader = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    name = nbgrader.get("grade_id") if isinstance(nbgrader, dict) else None
    return name if isinstance(name, str) else ""


def _kind(cell: Any) -> str:
    kind = cell.get("cell_type") if isinstance(cell, dict) else None
    return kind if isinstance(kind, str) and kind in _KINDS else "raw"


def _text(cell: Any) -> str:
    source = cell.get("source", "") if isinstance(cell, dict) else ""
    lines = source if isinstance(source, list) else [source]
    text = "".join(line for line in lines if isinstance(line, str))
    return text.encode("utf-8", "replace").decode()  # half a character cannot be written into a notebook
