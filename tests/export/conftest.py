"""Made-up grades, in as few words as a test needs."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from autograder.result import Result, Status
from autograder.scoring import Attempt, Grade, LatePolicy, grade

DUE = datetime(2026, 12, 4, 12, 0, tzinfo=UTC)


@pytest.fixture
def graded(result: Callable[..., Result]) -> Callable[..., Grade]:
    """Make the grade of one attempt from a student and statuses; fields are those of its result."""

    def graded(student: str = "anna", *statuses: Status, submitted: datetime | None = None, **fields: Any) -> Grade:
        attempt = Attempt(result(student, *statuses, **fields), submitted)
        return grade([attempt], due=DUE, late=LatePolicy(percent_per_day=10))

    return graded


@pytest.fixture
def worth(graded: Callable[..., Grade]) -> Callable[..., Grade]:
    """Make a grade of so many points out of 10; None is ungraded."""

    def worth(student: str, points: float | None, slug: str = "toy", title: str = "Toy") -> Grade:
        status = Status.UNGRADED if points is None else Status.PASSED
        return graded(student, status, points=points, max_points=10.0, slug=slug, title=title)

    return worth


@pytest.fixture
def missing() -> Grade:
    """Zoe has handed in nothing."""
    return Grade(student="zoe", slug="toy", title="Toy", max_points=10.0)
