"""Made-up results, in as few words as a test needs."""

from collections.abc import Callable
from typing import Any

import pytest

from autograder.result import (
    Environment,
    Result,
    Status,
    SubmissionRecord,
    TaskResult,
    Timings,
)
from autograder.result import TestResult as HiddenTest

_ENVIRONMENT = Environment(
    autograder="0.1.0",
    python="3.11.2",
    packages={"torch": "2.13.0"},
    platform="Linux",
    sandbox="full",
    devices=("cpu",),
    limits={"call_seconds": 10},
    suite_digest="ab" * 32,
    reference_digest="cd" * 32,
    secret_id="s1",
)


def _hidden_test(status: Status = Status.PASSED, **fields: Any) -> HiddenTest:
    points = {Status.PASSED: 1.0, Status.UNGRADED: None}.get(status, 0.0)
    given = {"id": "test_a", "title": "The loss falls.", "task": 1, "points": points, "max_points": 1.0}
    return HiddenTest(**{**given, "status": status, **fields})


def _result(student: str = "anna", *statuses: Status, **fields: Any) -> Result:
    """One task, and a test for each status, called `test_0`, `test_1`, …"""
    tests = fields.pop("tests", None)
    if tests is None:
        tests = tuple(
            _hidden_test(status, id=f"test_{place}", title=f"Claim {place}.") for place, status in enumerate(statuses)
        )
    known = [test.points for test in tests]
    points = None if None in known or not tests else sum(known)
    most = sum(test.max_points for test in tests) or 4.0
    notes = fields.pop("notes", ())
    given = {
        "slug": "toy",
        "title": "Toy",
        "attempt": 1,
        "submission": SubmissionRecord(student=student, digest="0" * 64, files=("toy.py",), notes=notes),
        "valid": True,
        "points": points,
        "max_points": most,
        "tasks": (TaskResult(number=1, title="Training", points=points, max_points=most),),
        "tests": tests,
        "environment": _ENVIRONMENT,
        "timings": Timings(started="2025-03-01T10:00:00Z", seconds=1.0, tests={}),
    }
    return Result(**{**given, **fields})


@pytest.fixture
def hidden_test() -> Callable[..., HiddenTest]:
    """Make how a hidden test ended; every field can be given."""
    return _hidden_test


@pytest.fixture
def result() -> Callable[..., Result]:
    """Make a result from a student and statuses; every field can be given, and `notes`."""
    return _result
