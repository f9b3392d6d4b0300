"""What counts: from the store and the course's rules to one grade for each student and exercise."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from autograder.assignment import Assignment
from autograder.course import Course, Person
from autograder.gradebook import grades, remember_time
from autograder.result import Result, SubmissionRecord
from autograder.scoring import LatePolicy
from autograder.store import Received, Store

DUE = datetime(2026, 12, 4, 23, 59, tzinfo=UTC)
COURSE = Course(deadlines={"basics": DUE}, late=LatePolicy(percent_per_day=10))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path)
    yield store
    store.close()


@pytest.fixture
def made(result: Callable[..., Result]) -> Callable[..., Result]:
    """Make a result at `basics` out of 10 points; its digest follows from its attempt."""

    def make(student: str, points: float | None, attempt: int = 1, **fields: Any) -> Result:
        record = SubmissionRecord(student=student, digest=f"{attempt:064}", files=())
        return result(
            student, slug="basics", points=points, max_points=10.0, attempt=attempt, submission=record, **fields
        )

    return make


def counted(store: Store, course: Course, basics: Assignment) -> list[tuple[str, float | None, float, int]]:
    return [(one.student, one.points, one.penalty, one.attempt) for one in grades(store, course, [basics])]


def test_everybody_on_the_roster_has_a_row_and_nobody_without_work_has_a_zero(
    store: Store, made: Callable[..., Result], basics: Assignment
) -> None:
    store.record(made("ada", 7.0))
    store.record(made("guest", 5.0))
    course = msgspec.structs.replace(COURSE, people={name: Person(student=name) for name in ("ada", "bo")})
    assert counted(store, course, basics) == [("ada", 7.0, 0, 1), ("bo", None, 0, 0), ("guest", 5.0, 0, 1)]


def test_practice_marks_do_not_count(store: Store, made: Callable[..., Result], basics: Assignment) -> None:
    store.record(made("ada", 10.0, valid=False))
    assert counted(store, COURSE, basics) == []


def test_an_attempt_that_was_graded_again_counts_as_it_was_graded_last(
    store: Store, made: Callable[..., Result], basics: Assignment
) -> None:
    store.record(made("ada", 9.0))
    store.record(made("ada", 6.0))
    assert counted(store, COURSE, basics) == [("ada", 6.0, 0, 1)]


def test_lateness_is_that_of_the_first_arrival_of_the_same_files(
    store: Store, made: Callable[..., Result], basics: Assignment
) -> None:
    store.record(made("ada", 9.0))
    for number, late in enumerate((timedelta(days=2), timedelta(hours=1))):
        facts = {"slug": "basics", "student": "ada", "digest": f"{1:064}"}
        store.receive(Received(name=f"basics+{number}", arrived=DUE + late, **facts))
    assert counted(store, COURSE, basics) == [("ada", 8.0, 1.0, 1)]


def test_a_time_that_staff_have_listed_can_be_corrected(
    store: Store, made: Callable[..., Result], basics: Assignment
) -> None:
    late = made("ada", 9.0)
    store.record(late)
    remember_time(store, late, DUE - timedelta(days=300))
    remember_time(store, late, DUE + timedelta(hours=1))
    assert counted(store, COURSE, basics) == [("ada", 8.0, 1.0, 1)]
