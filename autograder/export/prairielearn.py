"""PrairieLearn: the results.json of an external grader (docs/externalGrading.md in PrairieLearn).

What was not graded, and what could not be loaded, is not gradable there: no points are given or taken, and it costs
no attempt.
"""

from typing import Any

import msgspec

from autograder.export.feedback import NOTHING_GRADED, claim_of, feedback_on, feedback_on_test
from autograder.report.text import clipped, visible
from autograder.result import Result, TestResult

__all__ = ["MOST_BYTES", "results"]

MOST_BYTES = 1_000_000
"""The most that PrairieLearn takes."""

_LENGTHS = (4000, 400, 40, 0)
"""Characters that are kept of each text, until the whole is small enough."""


def results(result: Result) -> bytes:
    """Return the results.json of a result, with a score from 0 to 1 and what its student may read."""
    for length in _LENGTHS:
        data = msgspec.json.encode(_fields(result, length))
        if len(data) <= MOST_BYTES:
            return data + b"\n"
    return msgspec.json.encode({**_fields(result, 0), "tests": []}) + b"\n"


def _fields(result: Result, length: int) -> dict[str, Any]:
    if result.points is None:
        return {"gradable": False, "format_errors": [NOTHING_GRADED], "message": NOTHING_GRADED}
    if result.error:
        return {"gradable": False, "format_errors": [visible(result.error)], "message": feedback_on(result)}
    return {
        "gradable": True,
        "score": min(max(result.points / result.max_points, 0.0), 1.0),
        "message": feedback_on(result),
        "tests": [_test(test, length) for test in result.tests],
    }


def _test(test: TestResult, length: int) -> dict[str, Any]:
    return {
        "name": clipped(claim_of(test), max(length, 40)),
        "points": test.points,
        "max_points": test.max_points,
        "message": feedback_on_test(test)[:length],
    }
