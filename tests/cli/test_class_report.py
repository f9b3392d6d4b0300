"""What commands that grade a class tell of its misconceptions."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from autograder.cli import batch
from autograder.cli.common import Course, misconceptions
from autograder.cli.progress import ClassWork
from autograder.result import Result, Status

MUTANTS = """
[off_by_one]
misconception = "Counting begins at one."
hint = "Where does it begin?"
caught_by = ["test_counts"]

[[off_by_one.edits]]
find = "return 0"
replace = "return 1"
"""


@pytest.fixture
def course(tiny_course: Callable[..., Path]) -> Course:
    root = tiny_course("def test_counts(student): ...", reference="def first():\n    return 0\n")
    (root / "reference" / "tiny" / "mutants.toml").write_text(MUTANTS)
    return Course(root, root / "state", practice=False)


@pytest.fixture
def mistaken(result: Callable[..., Result], hidden_test: Callable[..., Any]) -> Result:
    test = hidden_test(Status.FAILED, id="test_counts", mistake="off_by_one")
    return result("anna", tests=(test,), slug="tiny")


def hand_over(course: Course, results: list[Result], report: Path) -> None:
    nothing: Any = None
    work = ClassWork(course, nothing, nothing, nothing, False, (), results=results)
    batch._hand_over(work, report, None)


def test_a_batch_shows_what_was_believed(
    course: Course, mistaken: Result, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hand_over(course, [mistaken], tmp_path / "report")
    assert "1 student: Counting begins at one." in capsys.readouterr().out
    assert "Counting begins at one." in (tmp_path / "report" / "index.html").read_text()
    assert "Counting" not in (tmp_path / "report" / "students" / "anna.html").read_text()


def test_mutants_that_cannot_be_read_cost_no_report(
    course: Course, mistaken: Result, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (course.root / "reference" / "tiny" / "mutants.toml").write_text("[off_by_one")
    hand_over(course, [mistaken], tmp_path / "report")
    printed = capsys.readouterr()
    assert "1 student: off_by_one" in printed.out
    assert "Note: mistakes are shown by their names only:" in printed.err and "mutants.toml" in printed.err
    assert "off_by_one" in (tmp_path / "report" / "index.html").read_text()


def test_mutants_are_read_where_somebody_made_a_mistake(course: Course, result: Callable[..., Result]) -> None:
    (course.root / "reference" / "tiny" / "mutants.toml").write_text("[off_by_one")
    assert misconceptions(course, [result("anna", Status.FAILED, slug="tiny")]) == {}
