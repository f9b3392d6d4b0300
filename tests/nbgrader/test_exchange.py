"""The whole way of an assignment through the real nbgrader: release, submit, autograde, feedback, export."""

import csv
import html
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.door

SLUG = "parameter_norm"
CLASS = ("ada", "bo", "chen", "fatima")


@dataclass(frozen=True)
class Walked:
    """A course whose class went the whole way, and the results of the same answers handed in as files."""

    course: Any
    marker: Path
    """A file that a cell of every notebook would write, if it ran with the rights of the grader."""
    results: dict[str, dict[str, Any]]

    def feedback(self, student: str) -> str:
        """Return the page that a student has fetched."""
        (path,) = (self.course.home / student / SLUG / "feedback").glob(f"*/{SLUG}.html")
        return path.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def walked(new_course: Callable[[], Any], class_folder: Path) -> Walked:
    course = new_course()
    marker = course.home / "a-kernel-ran-this"
    desks = {student: course.home / student for student in CLASS}
    settings = (course.folder / "nbgrader_config.py").read_text(encoding="utf-8")
    for desk in desks.values():
        desk.mkdir()
        (desk / "nbgrader_config.py").write_text(f"{settings}c.Exchange.cache = {str(desk / 'cache')!r}\n")
    fetches = [(desk, f"fetch_assignment {SLUG}") for desk in desks.values()]
    course.run([(course.folder, f"release_assignment {SLUG}"), *fetches])
    for student, desk in desks.items():
        source = (class_folder / student / f"{SLUG}.py").read_text(encoding="utf-8")
        notebook = course.answered(f"{source}\n\ntry:\n    open({str(marker)!r}, 'w')\nexcept OSError:\n    pass\n")
        (desk / SLUG / f"{SLUG}.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    staff = ["collect", "autograde", "generate_feedback", "release_feedback"]
    course.run(
        [(desk, f"submit {SLUG} --student={student}") for student, desk in desks.items()]
        + [(course.folder, f"{command} {SLUG}") for command in staff]
        + [(desk, f"fetch_feedback {SLUG} --student={student}") for student, desk in desks.items()]
        + [(course.folder, "export")]
    )
    files, as_files = course.home / "files", course.home / "results.json"
    for student in CLASS:
        shutil.copytree(class_folder / student, files / student)
    batch = course.grade_py("batch", SLUG, files, "--json", as_files)
    assert batch.returncode == 0, batch.stderr
    results = {one["submission"]["student"]: one for one in json.loads(as_files.read_text(encoding="utf-8"))}
    return Walked(course, marker, results)


def test_a_notebook_is_worth_what_the_same_answers_are_in_a_file(walked: Walked) -> None:
    with (walked.course.folder / "grades.csv").open(encoding="utf-8", newline="") as file:
        exported = {row["student_id"]: (float(row["score"]), float(row["max_score"])) for row in csv.DictReader(file)}
    assert exported == {student: (one["points"], one["max_points"]) for student, one in walked.results.items()}
    assert len({points for points, _ in exported.values()}) == len(CLASS)


def test_the_feedback_that_a_student_fetches_says_what_was_wrong_and_why(walked: Walked) -> None:
    page = " ".join(html.unescape(walked.feedback("bo")).split())
    failed = [test for test in walked.results["bo"]["tests"] if test["status"] == "failed"]
    assert failed
    for test in failed:
        for sentence in (test["title"], *test["explanation"].splitlines(), test["hint"]):
            assert sentence in page


def test_nothing_that_is_for_staff_reaches_a_student(walked: Walked) -> None:
    for student, result in walked.results.items():
        shown = html.unescape(walked.feedback(student)) + json.dumps(
            walked.course.autograded(student), ensure_ascii=False
        )
        details = [test["detail"] for test in result["tests"] if test["detail"]]
        assert details or result["points"] == result["max_points"]
        assert not [detail for detail in details if detail in shown or detail.splitlines()[0] in shown]


def test_no_kernel_is_started_for_a_notebook(walked: Walked) -> None:
    assert not walked.marker.exists()
