"""PrairieLearn's results.json, held against the rules of docs/externalGrading.md in PrairieLearn."""

from collections.abc import Callable
from typing import Any

import jsonschema
import msgspec
import pytest

from autograder.export import prairielearn
from autograder.export.feedback import NOTHING_GRADED
from autograder.result import Result, Status
from autograder.result import TestResult as HiddenTest

SCHEMA = {
    "type": "object",
    "properties": {
        "gradable": {"type": "boolean"},
        "score": {"type": "number", "minimum": 0, "maximum": 1},
        "format_errors": {"type": ["string", "array"], "items": {"type": "string"}},
        "message": {"type": "string"},
        "output": {"type": "string"},
        "tests": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "name": {"type": "string"},
                    "description": {"type": "string"},
                    "points": {"type": "number"},
                    "max_points": {"type": "number"},
                    "message": {"type": "string"},
                    "output": {"type": "string"},
                },
                # Without both in every test, no points are shown.
                "required": ["name", "points", "max_points"],
                "additionalProperties": False,
            },
        },
    },
    "additionalProperties": False,
    "if": {"properties": {"gradable": {"const": False}}, "required": ["gradable"]},
    "else": {"required": ["score"]},
}


def decoded(result: Result) -> dict[str, Any]:
    data = prairielearn.results(result)
    assert len(data) <= 1_000_000
    found: dict[str, Any] = msgspec.json.decode(data)
    return found


def read(result: Result) -> dict[str, Any]:
    found = decoded(result)
    jsonschema.validate(found, SCHEMA)
    return found


def test_the_score_is_the_share_of_the_points(result: Callable[..., Result]) -> None:
    found = read(result("anna", Status.PASSED, Status.FAILED, Status.WAITING, Status.PASSED))
    assert found["gradable"] is True and found["score"] == 0.5
    assert [(test["points"], test["max_points"]) for test in found["tests"]] == [(1, 1), (0, 1), (0, 1), (1, 1)]
    assert "1 wrong value, 1 waiting" in found["message"]


def test_what_is_not_graded_is_not_gradable_and_has_no_score(result: Callable[..., Result]) -> None:
    found = read(result("anna", Status.PASSED, Status.UNGRADED))
    assert found == {"gradable": False, "format_errors": [NOTHING_GRADED], "message": NOTHING_GRADED}


def test_what_cannot_be_loaded_costs_no_attempt(result: Callable[..., Result]) -> None:
    found = read(result("anna", error="Line 3 of `toy.py`: invalid syntax.", points=0.0))
    assert found["gradable"] is False and found["format_errors"] == ["Line 3 of `toy.py`: invalid syntax."]


def test_what_is_for_staff_stays_here(result: Callable[..., Result], hidden_test: Callable[..., HiddenTest]) -> None:
    test = hidden_test(Status.FAILED, detail="expected 42", output="seed 43", explanation="\x1b[2JOff.", hint="Look.")
    found = read(result("anna", tests=(test,)))
    assert found["tests"][0]["message"] == "A wrong value.\n\\x1b[2JOff.\nHint: Look."
    assert "42" not in str(found) and "43" not in str(found)


@pytest.mark.parametrize(("tests", "kept"), [(100, 900), (1_000, 400), (3_000, 40), (9_000, 0)])
def test_texts_are_cut_as_far_as_the_limit_asks(
    result: Callable[..., Result], hidden_test: Callable[..., HiddenTest], tests: int, kept: int
) -> None:
    explanation = "é" * 900
    many = tuple(hidden_test(Status.FAILED, id=f"test_{n}", explanation=explanation) for n in range(tests))
    found = decoded(result("anna", tests=(hidden_test(), *many)))
    assert found["score"] == pytest.approx(1 / (tests + 1))
    assert len(found["tests"]) == tests + 1
    assert {test["message"] for test in found["tests"][1:]} == {
        f"A wrong value.\n{explanation}"[: kept if kept < 900 else None]
    }


def test_where_even_names_are_too_much_the_score_is_left(
    result: Callable[..., Result], hidden_test: Callable[..., HiddenTest]
) -> None:
    many = tuple(hidden_test(Status.FAILED, id=f"test_{n}", title="é" * 900) for n in range(12_000))
    found = decoded(result("anna", tests=(hidden_test(), *many)))
    assert found["score"] == pytest.approx(1 / 12_001) and found["tests"] == []
