"""Gradescope: the results.json of one submission (gradescope-autograders.readthedocs.io, "Autograder Specifications").

Points are those before any late policy: Gradescope has its own. Gradescope adds up whatever scores it finds, so where
one is owed none is given: a file without any score leaves the submission without a grade.
"""

from typing import Any

import msgspec

from autograder.export.feedback import NOTHING_GRADED, claim_of, feedback_on, feedback_on_test
from autograder.result import Result, Status, TestResult

__all__ = ["nothing_graded", "results"]


def results(result: Result) -> bytes:
    """Return the results.json of a result: a test case for each test, and what its student may read."""
    graded = result.points is not None
    score = {"score": result.points} if graded else {}
    tests = [_test(result, test, graded=graded) for test in result.tests]
    if not tests:
        tests = [{"name": "The submission can be graded.", "status": "failed", "output": feedback_on(result)}]
    return _file({**score, "output": feedback_on(result), "tests": tests})


def nothing_graded() -> bytes:
    """Return the results.json of a submission that the grader could not grade: a sentence, and no score."""
    # Not an empty list of tests, whose scores might be taken to add up to 0.
    test = {"name": "The submission was graded.", "status": "failed", "output": NOTHING_GRADED}
    return _file({"output": NOTHING_GRADED, "tests": [test]})


def _file(fields: dict[str, Any]) -> bytes:
    # "text" everywhere: in any other format, what a submission wrote would become a part of the page.
    formats = {"output_format": "text", "test_output_format": "text", "test_name_format": "text"}
    shown = {"visibility": "visible", "stdout_visibility": "hidden"}
    return msgspec.json.format(msgspec.json.encode({**fields, **formats, **shown}), indent=1) + b"\n"


def _test(result: Result, test: TestResult, *, graded: bool) -> dict[str, Any]:
    place = [other.id for other in result.tests if other.task == test.task].index(test.id) + 1
    found: dict[str, Any] = {"number": f"{test.task}.{place}", "name": claim_of(test), "max_score": test.max_points}
    if test.status is not Status.UNGRADED:
        found["status"] = "passed" if test.status is Status.PASSED else "failed"
    if graded:
        found["score"] = test.points
    output = feedback_on_test(test)
    return {**found, "output": output} if output else found
