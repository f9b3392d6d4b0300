"""From test outcomes to points, and from attempts to what counts. Pure; None wherever nothing was judged, never 0."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

import msgspec

from autograder.assignment import Task
from autograder.result import Result, Status, TaskResult, TestResult

__all__ = ["Attempt", "Grade", "LatePolicy", "grade", "points_for", "task_results", "total"]


def points_for(status: Status, max_points: float) -> float | None:
    """Return the points of a test: all or nothing, and None where it is ungraded."""
    if status is Status.UNGRADED:
        return None
    return max_points if status is Status.PASSED else 0.0


def total(points: Iterable[float | None]) -> float | None:
    """Return the sum, or None when any part is None."""
    known: list[float] = []
    for value in points:
        if value is None:
            return None
        known.append(value)
    # Shares of a point such as 1/3 must add up to what they were cut from.
    return round(sum(known), 6)


def task_results(tasks: Sequence[Task], tests: Sequence[TestResult]) -> tuple[TaskResult, ...]:
    """Return the points of each task."""
    return tuple(
        TaskResult(
            number=task.number,
            title=task.title,
            points=total(test.points for test in tests if test.task == task.number),
            max_points=task.points,
        )
        for task in tasks
    )


class LatePolicy(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What lateness costs; the `[late]` table of course.toml. Without any key it costs nothing.

    Minutes of grace are those that pass. Days are counted by the clocks of the deadline's time zone: two days after
    Friday 23:59 is Sunday 23:59, also where the clocks are put forward or back in between.
    """

    grace_minutes: float = 0.0
    """So much after the deadline is in time."""
    percent_per_day: float = 0.0
    """Percent of the exercise's points that each day takes, a day that has begun being a whole one."""
    most_percent: float = 100.0
    """The most that lateness takes, in percent of the exercise's points."""
    closes_after_days: float | None = None
    """So long after the deadline nothing is taken any more; None: for ever."""

    def lateness(self, submitted: datetime | None, due: datetime | None) -> timedelta:
        """Return the time that passed since the deadline: zero within the grace, and where there is no deadline or no
        time known.
        """
        if submitted is None or due is None:
            return timedelta(0)
        passed = submitted.astimezone(UTC) - due.astimezone(UTC)
        return passed if passed > timedelta(minutes=self.grace_minutes) else timedelta(0)

    def days_late(self, submitted: datetime | None, due: datetime | None) -> int:
        """Return how many days have begun since the deadline; 0 for what is not late."""
        if submitted is None or due is None or not self.lateness(submitted, due):
            return 0
        by_the_clock = submitted.astimezone(due.tzinfo).replace(tzinfo=None) - due.replace(tzinfo=None)
        # In the hour that comes twice the clock may not have moved on.
        return max(math.ceil(by_the_clock / timedelta(days=1)), 1)

    def penalty(self, points: float, max_points: float, days: int) -> float:
        """Return the points that so many days take from `points`: never more than there are."""
        percent = min(self.percent_per_day * days, self.most_percent)
        return round(min(points, max_points * percent / 100), 6)

    def closes(self, due: datetime) -> datetime | None:
        """Return when an exercise with this deadline closes, never within the grace; None if it never does."""
        if self.closes_after_days is None:
            return None
        after_days = (due + timedelta(days=self.closes_after_days)).astimezone(UTC)
        after_grace = due.astimezone(UTC) + timedelta(minutes=self.grace_minutes)
        return max(after_days, after_grace).astimezone(due.tzinfo)


_FREE = LatePolicy()


class Grade(msgspec.Struct, frozen=True, kw_only=True):
    """What counts of one student in one exercise: a row of a gradebook. By default, that nothing was handed in."""

    student: str
    slug: str
    title: str
    max_points: float
    points: float | None = None
    """After the late policy; None where nothing has been graded yet."""
    raw_points: float | None = None
    """Before the late policy."""
    penalty: float = 0.0
    """Points that lateness took."""
    late_seconds: float = 0.0
    """0.0 when in time, and where no deadline or no time of submission is known."""
    submitted: str = ""
    """UTC, ISO 8601; empty where unknown."""
    attempt: int = 0
    """The attempt that counts; 0 where none was graded."""
    result: Result | None = None
    """The record of that attempt."""


@dataclass(frozen=True)
class Attempt:
    """A graded attempt and when it was handed in."""

    result: Result
    submitted: datetime | None = None


def grade(
    attempts: Sequence[Attempt],
    *,
    due: datetime | None = None,
    late: LatePolicy = _FREE,
    counts: Literal["best", "last"] = "best",
) -> Grade:
    """Return what counts of a student's attempts at one exercise.

    Args:
        attempts: in the order in which they were made; at least one.
        due: the deadline for this student.
        late: what lateness costs.
        counts: `best`: the attempt with the most points after the late policy, the first of equals, those without
            points never before one with points. `last`: the last one, whatever it brought.
    """
    grades = [_grade(attempt, due, late) for attempt in attempts]
    if counts == "last":
        return grades[-1]
    return max(grades, key=lambda one: -1.0 if one.points is None else one.points)


def _grade(attempt: Attempt, due: datetime | None, late: LatePolicy) -> Grade:
    result, lateness = attempt.result, late.lateness(attempt.submitted, due)
    raw = result.points
    penalty = 0.0 if raw is None else late.penalty(raw, result.max_points, late.days_late(attempt.submitted, due))
    submitted = "" if attempt.submitted is None else attempt.submitted.astimezone(UTC).isoformat(timespec="seconds")
    return Grade(
        student=result.submission.student,
        slug=result.slug,
        title=result.title,
        points=None if raw is None else round(raw - penalty, 6),
        max_points=result.max_points,
        raw_points=raw,
        penalty=penalty,
        late_seconds=lateness.total_seconds(),
        submitted=submitted,
        attempt=result.attempt,
        result=result,
    )
