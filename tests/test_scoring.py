"""Points: all or nothing for a test, and none at all, never zero, where nothing was judged."""

import zoneinfo
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from autograder.assignment import Task
from autograder.result import Result, Status
from autograder.result import TestResult as HiddenTest
from autograder.scoring import Attempt, LatePolicy, grade, points_for, task_results, total


@pytest.mark.parametrize("status", Status)
def test_only_a_passed_test_has_points(status: Status) -> None:
    expected = {Status.PASSED: 2.5, Status.UNGRADED: None}.get(status, 0.0)
    assert points_for(status, 2.5) == expected


@pytest.mark.parametrize(
    ("points", "sum_of_them"),
    [([], 0.0), ([1.0, 2.5], 3.5), ([0.0, None], None), ([None], None), ([1 / 3] * 3, 1.0), ([0.1] * 10, 1.0)],
)
def test_a_total_is_exact_and_unknown_where_a_part_is(points: list[float | None], sum_of_them: float | None) -> None:
    assert total(points) == sum_of_them


def hidden_test(task: int, status: Status) -> HiddenTest:
    points = points_for(status, 1.0)
    return HiddenTest(id="test", title="A claim.", task=task, points=points, max_points=1.0, status=status)


def test_an_ungraded_test_leaves_the_points_of_its_own_task_open() -> None:
    tasks = [Task(number=1, title="One", points=2), Task(number=2, title="Two", points=1)]
    tests = [hidden_test(1, Status.PASSED), hidden_test(1, Status.UNGRADED), hidden_test(2, Status.FAILED)]
    found = task_results(tasks, tests)
    assert [(task.number, task.points, task.max_points) for task in found] == [(1, None, 2), (2, 0.0, 1)]


# What lateness costs, and which attempt counts.

DUE = datetime(2026, 12, 4, 23, 59, tzinfo=UTC)
POLICY = LatePolicy(grace_minutes=15, percent_per_day=10, most_percent=50, closes_after_days=7)


@pytest.fixture
def attempt(result: Callable[..., Result]) -> Callable[..., Attempt]:
    """Make an attempt from its points out of 10, how late it came (None: not known) and its number."""

    def make(points: float | None, late: timedelta | None = timedelta(0), number: int = 1) -> Attempt:
        record = result("ada", points=points, max_points=10.0, attempt=number)
        return Attempt(record, None if late is None else DUE + late)

    return make


@pytest.mark.parametrize(
    ("late", "penalty"),
    [
        (timedelta(days=-1), 0),
        (timedelta(minutes=15), 0),
        (timedelta(minutes=16), 1),
        (timedelta(days=1), 1),
        (timedelta(days=1, seconds=1), 2),
        (timedelta(days=30), 5),
        (None, 0),
    ],
)
def test_each_day_begun_takes_its_part_up_to_the_most(
    late: timedelta | None, penalty: float, attempt: Callable[..., Attempt]
) -> None:
    found = grade([attempt(8, late)], due=DUE, late=POLICY)
    assert (found.raw_points, found.penalty, found.points) == (8, penalty, 8 - penalty)


PARIS = zoneinfo.ZoneInfo("Europe/Paris")


@pytest.mark.parametrize(
    ("due", "submitted", "days"),
    [
        # Put back on Sunday at three: Sunday's day has 25 hours.
        (datetime(2026, 10, 24, 23, 59, tzinfo=PARIS), datetime(2026, 10, 25, 22, 58, tzinfo=UTC), 1),
        (datetime(2026, 10, 24, 23, 59, tzinfo=PARIS), datetime(2026, 10, 25, 23, 0, tzinfo=UTC), 2),
        # Put forward: 23 hours.
        (datetime(2026, 3, 28, 23, 59, tzinfo=PARIS), datetime(2026, 3, 29, 21, 59, tzinfo=UTC), 1),
        (datetime(2026, 3, 28, 23, 59, tzinfo=PARIS), datetime(2026, 3, 29, 22, 0, tzinfo=UTC), 2),
        # An hour later, when the clock says the same again.
        (datetime(2026, 10, 25, 2, 30, tzinfo=PARIS), datetime(2026, 10, 25, 1, 30, tzinfo=UTC), 1),
    ],
)
def test_days_late_are_counted_by_the_courses_clocks(due: datetime, submitted: datetime, days: int) -> None:
    assert LatePolicy().days_late(submitted, due) == days
    assert LatePolicy().days_late(submitted.astimezone(PARIS), due) == days


def test_an_exercise_never_closes_within_its_grace() -> None:
    due = datetime(2026, 3, 28, 23, 59, tzinfo=PARIS)
    policy = LatePolicy(grace_minutes=24 * 60, closes_after_days=1)
    closes = policy.closes(due)
    assert closes == datetime(2026, 3, 29, 22, 59, tzinfo=UTC), "a day by the clock would be an hour sooner"
    assert not policy.lateness(closes, due)


def test_lateness_never_takes_more_points_than_there_are(attempt: Callable[..., Attempt]) -> None:
    assert grade([attempt(0.5, timedelta(days=2))], due=DUE, late=POLICY).points == 0


def test_without_a_deadline_nothing_is_late(attempt: Callable[..., Attempt]) -> None:
    assert grade([attempt(8, timedelta(days=9))], late=POLICY).late_seconds == 0


def test_the_best_attempt_counts_after_the_late_policy(attempt: Callable[..., Attempt]) -> None:
    early, better_but_late = attempt(7, number=1), attempt(9, timedelta(days=3), number=2)
    assert grade([early, better_but_late], due=DUE, late=POLICY).attempt == 1
    assert grade([early, better_but_late], due=DUE, late=POLICY, counts="last").attempt == 2


def test_the_first_of_equal_attempts_counts(attempt: Callable[..., Attempt]) -> None:
    assert grade([attempt(7, number=1), attempt(7, number=2)]).attempt == 1


def test_an_attempt_without_points_counts_only_where_there_is_no_other(attempt: Callable[..., Attempt]) -> None:
    assert grade([attempt(0, number=1), attempt(None, number=2)]).points == 0
    nothing = grade([attempt(None, timedelta(days=2))], due=DUE, late=POLICY)
    assert (nothing.points, nothing.raw_points, nothing.penalty) == (None, None, 0)
