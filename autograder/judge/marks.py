"""The marks of tests, and what they must say. Public tests have no points."""

import inspect
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from autograder.assignment import Assignment
from autograder.errors import AssignmentError, nearest
from autograder.judge.outcome import TestSpec

__all__ = ["ALLOWABLE", "MARKS", "TRIVIAL", "read_tests"]

MARKS = {
    "task(number)": "the task that the test belongs to",
    "points(number)": "the test's points",
    "needs(*names)": "tests that must pass before this one is run",
    "hint(sentence)": "shown to a student who fails the test",
    "reveal": "show expected and received values to the student",
    "allow(*names, reason)": "what an audit finds in the test and is meant, such as a trivial answer that is right",
}


TRIVIAL: Mapping[str, str] = {
    "zeros": "zeros",
    "ones": "ones",
    "nan": "NaN (0 where that cannot be)",
    "infinity": "infinity (0 where that cannot be)",
    "input": "its first argument",
    "empty": "an array without elements",
    "scalar": "one number for all elements",
    "first_row": "the first row for all rows",
}
"""Kinds of trivial answers, and what each gives in the place of every number or array."""

ALLOWABLE = (*TRIVIAL, "argument")
"""What an `allow` mark may name: trivial answers that the test passes, and an argument that holds the answer."""


def read_tests(assignment: Assignment, items: Sequence[pytest.Item]) -> dict[pytest.Item, TestSpec]:
    """Return what the marks of each collected test say, in the suite's order.

    Raises:
        AssignmentError: there are no tests, a mark is missing or makes no sense, or the points do not add up to those
            of assignment.toml.
    """
    if not items:
        raise AssignmentError(f"The suite {assignment.suite} has no tests. Write one there.")
    shares = Counter(_function(item) for item in items)
    seen: list[str] = []
    specs: dict[pytest.Item, TestSpec] = {}
    for item in items:
        spec = _read(assignment, item, shares[_function(item)])
        for name in spec.needs:
            if name not in seen:
                raise _error(item, f"needs {name!r}, which is no test before it.{nearest(name, seen)}")
        seen.append(spec.function)
        specs[item] = spec
    if not assignment.public:
        _check_points(assignment, list(specs.values()))
    return specs


def _read(assignment: Assignment, item: pytest.Item, share: int) -> TestSpec:
    parameters = getattr(getattr(item, "callspec", None), "params", {})
    title = (inspect.getdoc(getattr(item, "obj", None)) or "").partition("\n")[0].strip()
    for name, value in parameters.items():
        title = title.replace(f"{{{name}}}", str(value))
    if not title:
        raise _error(item, "has no docstring; its first line is what the student reads. Write one")
    task = _argument(item, "task")
    numbers = [task.number for task in assignment.tasks]
    if task not in numbers:
        raise _error(item, f"must be marked @pytest.mark.task(n), with n one of {numbers} of assignment.toml")
    if assignment.public and "reference" in getattr(item, "fixturenames", ()):
        raise _error(item, "takes `reference`, which students do not have. Write its values into the test")
    points = 0.0 if assignment.public else _argument(item, "points")
    if not assignment.public and (not isinstance(points, (int, float)) or not 0 < points < math.inf):
        raise _error(item, "must be marked @pytest.mark.points(n), with n above 0")
    hint = _argument(item, "hint")
    needs = [name for mark in item.iter_markers("needs") for name in mark.args]
    takes_device = "device" in getattr(item, "fixturenames", ())
    return TestSpec(
        id=item.name,
        function=_function(item),
        title=title,
        task=task,
        points=points / share,
        needs=tuple(needs),
        hint=hint if isinstance(hint, str) else "",
        reveal=item.get_closest_marker("reveal") is not None,
        device=str(parameters.get("device", assignment.devices[0])) if takes_device else None,
        allowed=_allowed(item),
    )


def _allowed(item: pytest.Item) -> tuple[str, ...]:
    """Return the names in `allow` marks, each of which has a reason."""
    names: list[str] = []
    for mark in item.iter_markers("allow"):
        unknown = [name for name in mark.args if name not in ALLOWABLE]
        if unknown or not mark.args:
            known = ", ".join(ALLOWABLE)
            raise _error(item, f"allows {unknown[0] if unknown else 'nothing'!r}; what can be allowed is: {known}")
        if not str(mark.kwargs.get("reason", "")).strip():
            raise _error(item, 'allows something without a reason. Write allow(…, reason="why it is right")')
        names += mark.args
    return tuple(names)


def _check_points(assignment: Assignment, specs: Sequence[TestSpec]) -> None:
    for task in assignment.tasks:
        total = sum(spec.points for spec in specs if spec.task == task.number)
        if abs(total - task.points) > 1e-6:
            raise AssignmentError(
                f"{assignment.folder / 'assignment.toml'}: task {task.number} has {task.points:g} points, and its "
                f"hidden tests add up to {total:g}. Make them agree."
            )


def _function(item: pytest.Item) -> str:
    return str(getattr(item, "originalname", item.name))


def _argument(item: pytest.Item, name: str) -> Any:
    mark = item.get_closest_marker(name)
    return mark.args[0] if mark is not None and mark.args else None


def _error(item: pytest.Item, sentence: str) -> AssignmentError:
    return AssignmentError(f"{item.path}: the test {item.name} {sentence}.")
