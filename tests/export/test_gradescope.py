"""Gradescope's results.json, held against its "Autograder Specifications"."""

from collections.abc import Callable
from typing import Any

import jsonschema
import msgspec
import pytest

from autograder.export import gradescope
from autograder.result import Result, Status
from autograder.result import TestResult as HiddenTest

FORMATS = {"enum": ["text", "html", "simple_format", "md", "ansi"]}
VISIBILITY = {"enum": ["hidden", "after_due_date", "after_published", "visible"]}
SCHEMA = {
    "type": "object",
    "properties": {
        "score": {"type": "number"},
        "execution_time": {"type": "number"},
        "output": {"type": "string"},
        "output_format": FORMATS,
        "test_output_format": FORMATS,
        "test_name_format": FORMATS,
        "visibility": VISIBILITY,
        "stdout_visibility": VISIBILITY,
        "extra_data": {"type": "object"},
        "tests": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "properties": {
                    "score": {"type": "number"},
                    "max_score": {"type": "number"},
                    "status": {"enum": ["passed", "failed"]},
                    "name": {"type": "string"},
                    "name_format": FORMATS,
                    "number": {"type": "string"},
                    "output": {"type": "string"},
                    "output_format": FORMATS,
                    "tags": {"type": "array", "items": {"type": "string"}},
                    "visibility": VISIBILITY,
                    "extra_data": {"type": "object"},
                },
                "additionalProperties": False,
            },
        },
    },
    "required": ["tests"],
    "additionalProperties": False,
}


def read(data: bytes) -> dict[str, Any]:
    found: dict[str, Any] = msgspec.json.decode(data)
    jsonschema.validate(found, SCHEMA)
    return found


def has_a_score(found: dict[str, Any]) -> bool:
    return "score" in found or any("score" in test for test in found["tests"])


def test_each_test_is_a_test_case_and_the_score_their_sum(result: Callable[..., Result]) -> None:
    found = read(gradescope.results(result("anna", Status.PASSED, Status.TIMED_OUT, Status.WAITING)))
    assert found["score"] == 1.0 == sum(test["score"] for test in found["tests"])
    assert [test["status"] for test in found["tests"]] == ["passed", "failed", "failed"]
    assert [test["number"] for test in found["tests"]] == ["1.1", "1.2", "1.3"]
    assert sum(test["max_score"] for test in found["tests"]) == 3.0


def test_one_ungraded_test_withholds_every_score(result: Callable[..., Result]) -> None:
    found = read(gradescope.results(result("anna", Status.PASSED, Status.UNGRADED)))
    assert not has_a_score(found)
    assert "1 test could not be graded: the grader's fault, not yours." in found["output"]
    assert "status" not in found["tests"][1]


@pytest.mark.parametrize(("points", "scored"), [(0.0, True), (None, False)])
def test_a_submission_that_ran_no_test_says_why(
    result: Callable[..., Result], points: float | None, scored: bool
) -> None:
    found = read(gradescope.results(result("anna", error="`toy.py` is empty.", points=points)))
    assert has_a_score(found) is scored
    assert found["tests"][0]["output"].startswith("`toy.py` is empty.")


def test_a_student_reads_what_was_noticed_on_receiving(result: Callable[..., Result]) -> None:
    graded = result("anna", Status.PASSED, notes=("A conftest.py was ignored.\x1b",))
    assert read(gradescope.results(graded))["output"].startswith("Note: A conftest.py was ignored.\\x1b\n1 / 1: all")


def test_nothing_graded_is_a_sentence_without_a_score() -> None:
    found = read(gradescope.nothing_graded())
    assert not has_a_score(found)
    assert found["output"].startswith("Nothing was graded")


def test_what_is_for_staff_stays_here(result: Callable[..., Result], hidden_test: Callable[..., HiddenTest]) -> None:
    test = hidden_test(
        Status.FAILED, detail="expected 42", output="seed 43", explanation="Off.", hint="Look.", cause="It is 0."
    )
    data = gradescope.results(result("anna", tests=(test,)))
    assert read(data)["tests"][0]["output"] == "A wrong value.\nOff.\nWhy: It is 0.\nHint: Look."
    assert b"42" not in data and b"43" not in data
    assert read(data)["stdout_visibility"] == "hidden"


def test_no_text_of_a_submission_becomes_a_part_of_the_page(
    result: Callable[..., Result], hidden_test: Callable[..., HiddenTest]
) -> None:
    test = hidden_test(Status.RAISED, explanation="<img src=x> \x1b[31m \ud800")
    found = read(gradescope.results(result("anna", tests=(test,))))
    assert found["tests"][0]["output"].endswith("<img src=x> \\x1b[31m \\ud800")
    assert {found[name] for name in ("output_format", "test_output_format", "test_name_format")} == {"text"}
