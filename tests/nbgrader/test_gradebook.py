"""Grades of any submissions in an nbgrader gradebook, read back by nbgrader itself."""

import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from nbgrader.api import Gradebook

from autograder.assignment import Assignment
from autograder.course import Course, Person
from autograder.errors import GraderError
from autograder.nbgrader.gradebook import write_grades
from autograder.result import Result, Status
from autograder.scoring import Attempt, Grade, LatePolicy, grade

# nbgrader adds rows in an order of which SQLAlchemy warns.
pytestmark = pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")

COURSE = Course(
    people={"ada": Person(student="ada", first_name="Ada", last_name="Ünsal", email="ada@example.org")},
    deadlines={"basics": datetime(2026, 12, 4, 12, 0, tzinfo=UTC)},
)


@pytest.fixture
def made(result: Callable[..., Result], hidden_test: Callable[..., Any]) -> Callable[..., Grade]:
    """Make a grade at `basics` from how its tests ended, one a task, handed in a day late under ten percent a day."""

    def make(student: str, *statuses: Status) -> Grade:
        tests = tuple(
            hidden_test(status, id=f"test_{task}", task=task) for task, status in enumerate(statuses, start=1)
        )
        record = result(student, slug="basics", title="Basics", tests=tests, max_points=11.0)
        late = Attempt(record, datetime(2026, 12, 5, 12, 0, tzinfo=UTC))
        return grade([late], due=COURSE.due("basics"), late=LatePolicy(percent_per_day=10))

    return make


def read_back(path: Path, student: str = "ada") -> Any:
    with Gradebook(f"sqlite:///{path}") as gradebook:
        submission = gradebook.find_submission("basics", student)
        (notebook,) = submission.notebooks
        scores = {one.name: (one.auto_score, one.needs_manual_grade) for one in notebook.grades}
        return submission.student.last_name, submission.timestamp, notebook.late_submission_penalty, scores


def test_each_task_has_its_points_and_lateness_is_nbgraders_own_penalty(
    made: Callable[..., Grade], basics: Assignment, tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path / 'gradebook.db'}"
    passed = made("ada", *[Status.PASSED] * len(basics.tasks))
    assert write_grades([passed], [basics], COURSE, url) == (1, 0)
    name, timestamp, penalty, scores = read_back(tmp_path / "gradebook.db")
    assert (name, timestamp, penalty) == ("Ünsal", datetime(2026, 12, 5, 12, 0), 1.1)
    assert scores == {f"task-{task.number}": (1.0, False) for task in basics.tasks}


def test_what_could_not_be_graded_needs_a_grade_by_hand_and_has_no_zero(
    made: Callable[..., Grade], basics: Assignment, tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path / 'gradebook.db'}"
    owed = made("ada", *[Status.UNGRADED] * len(basics.tasks))
    assert write_grades([owed], [basics], COURSE, url) == (1, 1)
    assert set(read_back(tmp_path / "gradebook.db")[3].values()) == {(None, True)}


def test_manual_scores_and_comments_are_kept_when_grades_are_written_again(
    made: Callable[..., Grade], basics: Assignment, tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path / 'gradebook.db'}"
    wrong = made("ada", *[Status.FAILED] * len(basics.tasks))
    write_grades([wrong], [basics], COURSE, url)
    with Gradebook(url) as gradebook:
        gradebook.find_grade("task-1", "basics", "basics", "ada").manual_score = 0.5
        gradebook.db.commit()
    write_grades([made("ada", *[Status.PASSED] * len(basics.tasks))], [basics], COURSE, url)
    with Gradebook(url) as gradebook:
        found = gradebook.find_grade("task-1", "basics", "basics", "ada")
        assert (found.auto_score, found.manual_score, found.score) == (1.0, 0.5, 0.5)


def test_a_name_that_nbgrader_has_is_kept(made: Callable[..., Grade], basics: Assignment, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'gradebook.db'}"
    with Gradebook(url) as gradebook:
        gradebook.add_student("ada", last_name="King")
    write_grades([made("ada", *[Status.PASSED] * len(basics.tasks))], [basics], COURSE, url)
    with Gradebook(url) as gradebook:
        ada = gradebook.find_student("ada")
        assert (ada.first_name, ada.last_name, ada.email) == (None, "King", "ada@example.org")


def test_who_handed_in_nothing_is_left_out(basics: Assignment, made: Callable[..., Grade], tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'gradebook.db'}"
    missing = Grade(student="bo", slug="basics", title="Basics", max_points=11.0)
    assert write_grades([missing], [basics], COURSE, url) == (0, 0)
    with Gradebook(url) as gradebook:
        assert gradebook.students == []


def test_a_gradebook_that_is_locked_is_named_and_unharmed(
    made: Callable[..., Grade], basics: Assignment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "gradebook.db"
    wrong = made("ada", *[Status.FAILED] * len(basics.tasks))
    write_grades([wrong], [basics], COURSE, f"sqlite:///{path}")
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    with pytest.raises(GraderError, match=r"is locked\. Stop what writes to it .*unharmed"):
        write_grades([wrong], [basics], COURSE, f"sqlite:///{path}?timeout=0.1")
    holder.rollback()
    holder.close()


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"no database at all", "It is another kind of file: name the gradebook"), (None, "Correct its folder")],
)
def test_what_is_no_gradebook_is_named(content: bytes | None, said: str, basics: Assignment, tmp_path: Path) -> None:
    path = tmp_path / "gradebook.db" if content else tmp_path / "no" / "gradebook.db"
    if content:
        path.write_bytes(content)
    with pytest.raises(GraderError, match=said):
        write_grades([], [basics], COURSE, f"sqlite:///{path}")
