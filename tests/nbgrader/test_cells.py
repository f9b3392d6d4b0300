"""What a test cell shows, and what nbgrader reads from it."""

from collections.abc import Callable
from typing import Any

import nbformat
import pytest
from nbformat.notebooknode import NotebookNode
from nbgrader.utils import determine_grade

from autograder.nbgrader.cells import Original, outputs, restore
from autograder.result import Result, Status, TaskResult

ESCAPE = "\x1b[31m<script>\u202e"


def cell_with(shown: list[NotebookNode], points: float) -> NotebookNode:
    """Return a test cell with these outputs."""
    nbgrader = {"grade": True, "locked": True, "solution": False, "points": points, "grade_id": "task-1"}
    return nbformat.v4.new_code_cell(outputs=shown, metadata=NotebookNode(nbgrader=NotebookNode(nbgrader)))


@pytest.mark.parametrize(
    ("statuses", "points"),
    [
        ((Status.PASSED, Status.PASSED), 2.0),
        ((Status.PASSED, Status.RAISED), 1.0),
        ((Status.CRASHED, Status.TIMED_OUT), 0.0),
    ],
)
def test_nbgrader_reads_the_points_of_the_task(
    result: Callable[..., Result], statuses: tuple[Status, ...], points: float
) -> None:
    shown = outputs(result("ada", *statuses), 1)
    assert determine_grade(cell_with(shown, 2.0)) == (points, 2.0)


def test_an_ungraded_task_shows_no_number_that_nbgrader_could_take(result: Callable[..., Result]) -> None:
    shown = outputs(result("ada", Status.PASSED, Status.UNGRADED), 1)
    assert [one.output_type for one in shown] == ["stream"]
    assert "1 test could not be graded: the grader's fault, not yours." in shown[0].text


def test_only_the_task_that_is_owed_an_answer_says_so(
    result: Callable[..., Result], hidden_test: Callable[..., Any]
) -> None:
    tests = (hidden_test(Status.UNGRADED, task=1), hidden_test(Status.PASSED, task=2))
    record = result("ada", tests=tests)
    assert ["could not be graded" in outputs(record, task)[0].text for task in (1, 2)] == [True, False]


def test_what_a_student_wrote_acts_nowhere_and_what_is_for_staff_stays_away(
    result: Callable[..., Result], hidden_test: Callable[..., Any]
) -> None:
    failed = hidden_test(
        Status.FAILED,
        explanation=f"It said {ESCAPE}.",
        cause="It is not summed.",
        hint="Sum first.",
        detail="expected 42",
        output="printed 43",
    )
    (stream, _) = outputs(result("ada", tests=(failed,), notes=(f"`{ESCAPE}.py` was ignored.",)), 1)
    assert (stream.output_type, stream.name) == ("stream", "stdout")
    assert "Why: It is not summed.\n    Hint: Sum first." in stream.text
    assert "Note: `\\x1b[31m<script>\\u202e.py` was ignored." in stream.text
    assert not {"\x1b", "\u202e"} & set(stream.text)
    assert not [text for text in ("42", "43") if text in stream.text]


def test_what_was_noticed_is_said_once(result: Callable[..., Result]) -> None:
    tasks = tuple(TaskResult(number=number, title="", points=0.0, max_points=1.0) for number in (3, 4))
    record = result("ada", Status.PASSED, tasks=tasks, notes=("Lines for Jupyter are not run.",))
    assert ["Note: Lines" in outputs(record, number)[0].text for number in (3, 4)] == [True, False]


def test_what_could_not_be_loaded_says_why_in_each_test_cell_and_gives_no_points(
    result: Callable[..., Result],
) -> None:
    record = result("ada", error="`toy.py`, line 3: this is not Python.", points=0.0)
    shown = outputs(record, 1)
    assert "line 3: this is not Python." in shown[0].text
    assert determine_grade(cell_with(shown, 4.0)) == (0.0, 4.0)


def test_of_cells_with_one_id_the_last_keeps_it_and_the_others_keep_their_text() -> None:
    marked = {"nbgrader": {"grade_id": "answer-f"}}
    cells = [nbformat.v4.new_code_cell(text, metadata=marked) for text in ("first", "second")]
    notebook = nbformat.v4.new_notebook(cells=cells)
    original = Original(
        name="answer-f", kind="code", source="", checksum=None, locked=False, solution=True, points=None
    )
    restore(notebook, [original])
    assert [(cell.source, "nbgrader" in cell.metadata) for cell in notebook.cells] == [
        ("first", False),
        ("second", True),
    ]


def test_long_lines_are_broken_and_nothing_is_lost(result: Callable[..., Result]) -> None:
    sentence = "The third of the twenty-one batches is wrong. " * 20
    (stream, _) = outputs(result("ada", error=sentence, points=0.0), 1)
    assert max(map(len, stream.text.splitlines())) <= 100
    assert sentence.split() == stream.text.split()[: len(sentence.split())]
