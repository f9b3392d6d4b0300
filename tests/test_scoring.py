"""Points: all or nothing for a test, and none at all, never zero, where nothing was judged."""

import pytest

from autograder.assignment import Task
from autograder.result import Status
from autograder.result import TestResult as HiddenTest
from autograder.scoring import points_for, task_results, total


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
