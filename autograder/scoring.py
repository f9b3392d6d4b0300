"""From test outcomes to points. Pure; None wherever nothing was judged, never 0."""

from collections.abc import Iterable, Sequence

from autograder.assignment import Task
from autograder.result import Status, TaskResult, TestResult

__all__ = ["points_for", "task_results", "total"]


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
