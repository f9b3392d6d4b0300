"""`grade.py batch` from end to end: everybody gets an answer, once, and nobody's mistake stops the others."""

import contextlib
import json
import re
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from autograder.assignment import Assignment
from autograder.course import load_course
from autograder.gradebook import grades
from autograder.result import Result, Status, from_json, json_schema
from autograder.store import Store

Grade = Callable[..., subprocess.CompletedProcess[str]]
HandIn = Callable[..., Path]


@dataclass
class Classroom:
    """A class that was graded once, and what that printed."""

    folder: Path
    state: Path
    finished: subprocess.CompletedProcess[str]
    report: Path

    def results(self, path: Path | None = None) -> dict[str, Result]:
        """Return the results in a JSON file by student."""
        table = json.loads((path or self.folder.parent / "results.json").read_text())
        return {entry["submission"]["student"]: from_json(json.dumps(entry)) for entry in table}


@pytest.fixture(scope="module")
def classroom(tmp_path_factory: pytest.TempPathFactory, grade_py: Grade, hand_in: HandIn, right: str) -> Classroom:
    base = tmp_path_factory.mktemp("batch")
    folder = base / "class"
    hand_in(folder, "ada", right)
    hand_in(folder, "bo", right + "\n\ndef add(a, b):\n    print(a, b)\n    return a - b\n")
    (folder / "chen.zip").write_bytes(b"PK\3\4 a zip file cut short")
    (folder / "dora").mkdir()
    hand_in(folder, "emil", right, name="basic.py")
    hand_in(folder, "finn", "def add(a, b):\n    return (a\n")
    (folder / "gül.py").write_text(right)
    finished = grade_py(
        *("batch", "basics", folder, "--json", base / "results.json", "--report", base / "report", "--jobs", 2),
        state=base / "state",
    )
    return Classroom(folder, base / "state", finished, base / "report")


def test_everybody_is_graded_and_the_grader_is_content(classroom: Classroom) -> None:
    assert classroom.finished.returncode == 0, classroom.finished.stderr
    assert "Traceback" not in classroom.finished.stdout + classroom.finished.stderr
    points = {student: result.points for student, result in classroom.results().items()}
    assert points.keys() == {"ada", "bo", "chen", "dora", "emil", "finn", "gül"}
    assert (points["ada"], points["bo"], points["gül"]) == (11, 10, 11)
    for student in points:
        assert student in classroom.finished.stdout


def test_what_cannot_be_loaded_is_told_beside_the_others(classroom: Classroom) -> None:
    results = classroom.results()
    for student, words in (("chen", "zip"), ("dora", "basics.py"), ("finn", "line 2")):
        assert results[student].points == 0 and results[student].tests == ()
        assert words in results[student].error
    assert results["emil"].points == 11 or "basics.py" in results["emil"].error


def test_the_results_are_valid_and_say_how_they_were_made(classroom: Classroom) -> None:
    table = json.loads((classroom.folder.parent / "results.json").read_text())
    validator = jsonschema.Draft202012Validator(json_schema())
    for entry in table:
        validator.validate(entry)
    for result in classroom.results().values():
        assert result.valid and result.attempt == 1
        assert result.environment.sandbox in ("full", "container")
        assert result.environment.devices == ("cpu", "cuda (simulated)")


def test_no_hidden_value_is_where_a_student_reads(classroom: Classroom) -> None:
    result = classroom.results()["bo"]
    (failed,) = [test for test in result.tests if test.status is not Status.PASSED]
    hidden = re.findall(r"-?\d+\.\d{3,}", failed.detail)
    assert len(hidden) >= 2, failed.detail
    page = next(classroom.report.rglob("*bo*.html")).read_text()
    for value in hidden:
        for text in (failed.explanation, failed.hint, failed.title, classroom.finished.stdout):
            assert value not in text
    assert failed.explanation in page.replace("&#x27;", "'").replace("&#39;", "'")


def test_the_secret_and_the_suite_are_in_no_output(classroom: Classroom) -> None:
    secret = (classroom.state / "secret").read_bytes()
    for path in [classroom.folder.parent / "results.json", *classroom.report.rglob("*.html")]:
        content = path.read_bytes()
        assert secret not in content and secret.hex().encode() not in content
        assert b"canary of the golden course" not in content


def test_a_report_is_written(classroom: Classroom) -> None:
    index = (classroom.report / "index.html").read_text()
    assert "ada" in index and "gül" in index


def without_timings(result: Result) -> dict[str, Any]:
    return {name: getattr(result, name) for name in result.__struct_fields__ if name != "timings"}


def test_a_second_run_grades_what_has_changed_and_nothing_else(
    classroom: Classroom, grade_py: Grade, hand_in: HandIn, right: str, tmp_path: Path
) -> None:
    first = classroom.results()
    hand_in(classroom.folder, "bo", right)
    finished = grade_py("batch", "basics", classroom.folder, "--json", tmp_path / "again.json", state=classroom.state)
    assert finished.returncode == 0
    second = classroom.results(tmp_path / "again.json")
    assert (second["bo"].attempt, second["bo"].points) == (2, 11)
    for student in ("ada", "gül"):
        assert second[student] == first[student], "not even its timings are new"
    assert "unchanged since they were last graded; --regrade grades them again" in finished.stderr


def test_grading_again_gives_the_same_record(classroom: Classroom, grade_py: Grade, tmp_path: Path) -> None:
    first = classroom.results()
    only = tmp_path / "class"
    only.mkdir()
    (only / "gül.py").write_text((classroom.folder / "gül.py").read_text())
    finished = grade_py(
        *("batch", "basics", only, "--regrade", "--json", tmp_path / "again.json"), state=classroom.state
    )
    assert finished.returncode == 0
    again = classroom.results(tmp_path / "again.json")["gül"]
    assert again.timings != first["gül"].timings
    assert without_timings(again) == without_timings(first["gül"])


def test_a_list_of_times_is_kept_for_the_late_policy_and_names_nobody_in_vain(
    tmp_path: Path, grade_py: Grade, hand_in: HandIn, right: str, basics: Assignment
) -> None:
    hand_in(tmp_path / "class", "ada", right)
    times = "student,submitted\nada,2026-12-05T12:00:00\nadda,2026-12-01T12:00:00\n"
    (tmp_path / "class/submitted.csv").write_text(times)
    rules = tmp_path / "course.toml"
    rules.write_text(
        'format_version = 1\ntitle = "Course"\ntimezone = "Europe/Paris"\n[late]\npercent_per_day = 10\n'
        "[deadlines]\nbasics = 2026-12-04T23:59:00\n"
    )
    done = grade_py("batch", "basics", tmp_path / "class", "--rules", rules, state=tmp_path / "state")
    assert done.returncode == 0, done.stderr
    assert f"Note: {tmp_path / 'class/submitted.csv'} names adda, from whom there is nothing." in done.stderr
    with contextlib.closing(Store(tmp_path / "state")) as store:
        (grade,) = grades(store, load_course(rules), [basics])
    assert (grade.raw_points, grade.points, grade.submitted) == (11.0, 9.9, "2026-12-05T11:00:00+00:00")


def test_a_time_that_is_none_is_misuse_and_named(tmp_path: Path, grade_py: Grade, hand_in: HandIn, right: str) -> None:
    hand_in(tmp_path / "class", "ada", right)
    (tmp_path / "class/submitted.csv").write_text("student,submitted\nada,yesterday\n")
    done = grade_py("batch", "basics", tmp_path / "class", state=tmp_path / "state")
    assert done.returncode == 2
    assert "submitted.csv, line 2: 'yesterday' is no time. Write it as 2026-12-04T23:59:00." in done.stderr
