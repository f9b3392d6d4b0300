"""Notebooks as students hand them in, graded by the real `nbgrader autograde`: none breaks the class."""

import copy
from collections.abc import Callable
from typing import Any

import pytest
from nbgrader.api import Gradebook

pytestmark = pytest.mark.door

SLUG = "parameter_norm"
Notebook = dict[str, Any]


def cell(source: str, kind: str = "code", **fields: Any) -> dict[str, Any]:
    code = {"execution_count": 1, "outputs": []} if kind == "code" else {}
    return {"cell_type": kind, "metadata": {}, "source": source, **code, **fields}


def marked(notebook: Notebook, key: str) -> list[dict[str, Any]]:
    """Return the cells that nbgrader has marked as `solution`, `grade` or `locked`."""
    return [one for one in notebook["cells"] if one["metadata"].get("nbgrader", {}).get(key)]


def no_test_cells(notebook: Notebook) -> None:
    notebook["cells"] = [one for one in notebook["cells"] if not one["metadata"].get("nbgrader", {}).get("grade")]


def no_first_test_cell(notebook: Notebook) -> None:
    notebook["cells"].remove(marked(notebook, "grade")[0])


def no_metadata(notebook: Notebook) -> None:
    notebook["metadata"] = {}
    for one in notebook["cells"]:
        one["metadata"] = {}


def strange_metadata(notebook: Notebook) -> None:
    notebook["metadata"] = {"kernelspec": {"name": "julia-1.9", "display_name": "Julia", "language": "julia"}}
    for number, one in enumerate(notebook["cells"]):
        one["metadata"] = [{"nbgrader": "yes"}, {"nbgrader": {"grade_id": 3}}, {"nbgrader": {}}, {}][number % 4]


def older_metadata(notebook: Notebook) -> None:
    for one in marked(notebook, "solution") + marked(notebook, "grade"):
        one["metadata"]["nbgrader"]["schema_version"] = 1


def points_raised(notebook: Notebook) -> None:
    for one in marked(notebook, "grade"):
        one["metadata"]["nbgrader"]["points"] = 1000


def unlocked_test_cells(notebook: Notebook) -> None:
    for one in marked(notebook, "grade"):
        one["metadata"]["nbgrader"].update(grade=False, locked=False, solution=True)
        one["source"] = "10.0"


def duplicated_cells(notebook: Notebook) -> None:
    notebook["cells"] = [one for cell in notebook["cells"] for one in (cell, copy.deepcopy(cell))]


def all_one_id(notebook: Notebook) -> None:
    for one in notebook["cells"]:
        if "nbgrader" in one["metadata"]:
            one["metadata"]["nbgrader"]["grade_id"] = "task-1"


def moved_cells(notebook: Notebook) -> None:
    tests = marked(notebook, "grade")
    rest = [one for one in notebook["cells"] if one not in tests]
    notebook["cells"] = tests[::-1] + rest


def converted_test_cells(notebook: Notebook) -> None:
    for one in marked(notebook, "grade"):
        one["cell_type"] = "markdown"
        del one["outputs"], one["execution_count"]


def magics(notebook: Notebook) -> None:
    notebook["cells"].insert(0, cell("%matplotlib inline\n!pip install torch\n%load_ext autoreload"))
    notebook["cells"].append(cell("%%bash\nrm -rf /"))
    notebook["cells"].append(cell("%%html\n<b>done</b>"))


def outputs_and_widgets(notebook: Notebook) -> None:
    widget = {"application/vnd.jupyter.widget-view+json": {"model_id": "1", "version_major": 2, "version_minor": 0}}
    noise = [
        {"output_type": "stream", "name": "stderr", "text": "UserWarning: it is only a warning\n"},
        {"output_type": "error", "ename": "ValueError", "evalue": "old", "traceback": ["\x1b[31mold\x1b[0m"]},
        {"output_type": "display_data", "data": widget, "metadata": {}},
        {"output_type": "execute_result", "data": {"text/plain": "-5"}, "metadata": {}, "execution_count": 7},
    ]
    notebook["metadata"]["widgets"] = {"application/vnd.jupyter.widget-state+json": {"state": {}}}
    for one in notebook["cells"]:
        if one["cell_type"] == "code":
            one["outputs"] = copy.deepcopy(noise)


def colab(notebook: Notebook) -> None:
    notebook["metadata"] |= {"colab": {"provenance": [], "toc_visible": True}, "accelerator": "GPU"}
    notebook["nbformat_minor"] = 0
    for number, one in enumerate(notebook["cells"]):
        one.pop("id", None)
        one["metadata"] |= {"id": f"x{number}", "colab": {"base_uri": "https://colab.research.google.com/"}}


def repeated_cell_ids(notebook: Notebook) -> None:
    for one in notebook["cells"]:
        one["id"] = "the same"


def noise_on_stderr(notebook: Notebook) -> None:
    notebook["cells"].append(cell("import sys, warnings\nwarnings.warn('look out')\nprint('oh', file=sys.stderr)"))


def wrong_types(notebook: Notebook) -> None:
    notebook["cells"].append(cell("print('x')", attachments=5, execution_count="seven", outputs="none"))
    notebook["cells"].append({"cell_type": "heading", "level": 2, "metadata": {}, "source": "Old"})


def without_outputs(notebook: Notebook) -> None:
    for one in notebook["cells"]:
        one.pop("outputs", None)
        one.pop("execution_count", None)


def lone_surrogates(notebook: Notebook) -> None:
    notebook["cells"].append(cell("half an emoji: \ud83d", "markdown"))


CHANGES: list[Callable[[Notebook], None]] = [
    no_test_cells,
    no_first_test_cell,
    no_metadata,
    strange_metadata,
    older_metadata,
    points_raised,
    unlocked_test_cells,
    duplicated_cells,
    all_one_id,
    moved_cells,
    converted_test_cells,
    magics,
    outputs_and_widgets,
    colab,
    repeated_cell_ids,
    noise_on_stderr,
    wrong_types,
    without_outputs,
    lone_surrogates,
]
BROKEN = {
    "not_json": b"no notebook at all",
    "empty": b"",
    "a_list": b"[]",
    "no_cells": b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}}',
    "cells_are_text": b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": "all of them"}',
    "of_the_future": b'{"nbformat": 9, "nbformat_minor": 0, "metadata": {}, "cells": []}',
    "deep": b"[" * 100_000,
    "binary": bytes(range(256)),
}


@pytest.fixture(scope="module")
def graded(new_course: Callable[[], Any], right: str) -> tuple[Any, str]:
    """A course with one student for each change, and what `nbgrader autograde` said of them."""
    course = new_course()
    for change in CHANGES:
        notebook = course.answered(right)
        change(notebook)
        course.hand_in(change.__name__, notebook)
    for student, data in BROKEN.items():
        course.hand_in(student, data)
    return course, course.nbgrader(f"autograde {SLUG}")


@pytest.mark.parametrize("change", [change.__name__ for change in CHANGES])
def test_a_right_answer_gets_full_marks_whatever_became_of_the_notebook(graded: tuple[Any, str], change: str) -> None:
    course, _ = graded
    with Gradebook(course.database) as gradebook:
        submission = gradebook.find_submission(SLUG, change)
        assert (submission.score, submission.max_score, submission.needs_manual_grade) == (10, 10, False)


@pytest.mark.parametrize("student", BROKEN)
def test_what_is_no_notebook_is_told_so_and_the_class_goes_on(graded: tuple[Any, str], student: str) -> None:
    course, _ = graded
    with Gradebook(course.database) as gradebook:
        submission = gradebook.find_submission(SLUG, student)
        assert (submission.score, submission.needs_manual_grade) == (0, False)
    texts = ["".join(one["source"]) for one in course.autograded(student)["cells"]]
    assert f"`{SLUG}.ipynb` is not a notebook" in texts[0]


def test_points_are_those_of_the_source_notebook(graded: tuple[Any, str]) -> None:
    course, _ = graded
    for change in CHANGES:
        points = [one["metadata"]["nbgrader"]["points"] for one in marked(course.autograded(change.__name__), "grade")]
        assert sorted(points) == [2, 3, 5]
