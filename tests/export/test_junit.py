"""JUnit XML: parsed again, and held against the rules of the schema that Jenkins's xUnit plugin publishes."""

from collections.abc import Callable
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from autograder.export import junit
from autograder.result import Result, Status
from autograder.result import TestResult as HiddenTest
from autograder.scoring import Attempt, Grade, grade

# junit-10.xsd: element to what may stand in it, the attributes it must have, and those it may have.
RULES: dict[str, tuple[set[str], set[str], set[str]]] = {
    "testsuites": ({"testsuite"}, set(), {"name", "time", "tests", "failures", "disabled", "errors"}),
    "testsuite": (
        {"testsuite", "properties", "testcase", "system-out", "system-err"},
        {"tests"},
        {"name", "failures", "errors", "time", "disabled", "skipped", "timestamp", "hostname", "id", "package"},
    ),
    "properties": ({"property"}, set(), set()),
    "property": (set(), {"name", "value"}, set()),
    "testcase": (
        {"skipped", "error", "failure", "system-out", "system-err"},
        {"name"},
        {"assertions", "time", "timestamp", "classname", "status", "class", "file", "line", "log", "group", "url"},
    ),
    "failure": (set(), set(), {"type", "message"}),
    "error": (set(), set(), {"type", "message"}),
    "skipped": (set(), set(), {"type", "message"}),
}


def parsed(grades: list[Grade]) -> ElementTree.Element:
    """Parse what is written, and hold it against the schema."""
    root = ElementTree.fromstring(junit.write(grades))
    assert root.tag == "testsuites"
    for element in root.iter():
        children, needed, allowed = RULES[element.tag]
        assert {child.tag for child in element} <= children, element.tag
        assert needed <= set(element.keys()) <= needed | allowed, element.tag
    for suite in root:
        cases = suite.findall("testcase")
        counts = {name: len(suite.findall(f"testcase/{child}")) for name, child in COUNTED.items()}
        assert suite.get("tests") == str(len(cases))
        assert {name: int(suite.get(name, "")) for name in COUNTED} == counts
    for name in ("tests", "failures", "errors"):
        assert root.get(name) == str(sum(int(suite.get(name, "")) for suite in root))
    return root


COUNTED = {"failures": "failure", "errors": "error", "skipped": "skipped"}


@pytest.mark.parametrize("status", list(Status))
def test_an_error_is_the_graders_and_a_failure_the_works(graded: Callable[..., Grade], status: Status) -> None:
    (case,) = parsed([graded("anna", status)]).findall("testsuite/testcase")
    wanted = {Status.PASSED: [], Status.WAITING: ["skipped"], Status.UNGRADED: ["error"]}.get(status, ["failure"])
    assert [child.tag for child in case] == wanted
    assert [child.get("type") for child in case] == [status.value for _ in wanted]


def test_a_suite_is_a_student_in_an_exercise_with_the_points(graded: Callable[..., Grade], missing: Grade) -> None:
    root = parsed([graded("anna", Status.PASSED, Status.FAILED), graded("bo", Status.UNGRADED), missing])
    assert [suite.get("name") for suite in root] == ["toy/anna", "toy/bo", "toy/zoe"]
    points = [suite.find("properties/property[@name='points']") for suite in root]
    assert points[0] is not None and points[0].get("value") == "1"
    assert points[1:] == [None, None]


def test_what_nobody_handed_in_is_skipped(missing: Grade) -> None:
    skipped = parsed([missing]).find("testsuite/testcase/skipped")
    assert skipped is not None and skipped.get("message") == "Nothing has been graded yet."


@pytest.mark.parametrize(("points", "tag"), [(0.0, "failure"), (None, "error")])
def test_a_submission_that_ran_no_test_says_why(graded: Callable[..., Grade], points: float | None, tag: str) -> None:
    said = parsed([graded("anna", error="`\x1b.py` is empty.", points=points)]).find(f"testsuite/testcase/{tag}")
    assert said is not None and said.text == "`\\x1b.py` is empty."


def test_what_is_for_staff_stays_here(graded: Callable[..., Grade], hidden_test: Callable[..., HiddenTest]) -> None:
    test = hidden_test(Status.FAILED, detail="expected 42", output="seed 43", explanation="It is off.", hint="Look.")
    data = junit.write([graded("anna", tests=(test,))])
    assert b"It is off.\nHint: Look." in data
    assert b"42" not in data and b"43" not in data


@settings(
    deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)  # `result` and `hidden_test` keep nothing
@given(st.text(st.characters()), st.text(st.characters()))
@example("]]>", "<![CDATA[ & </failure>")
@example("\x00\x1b\x0b", "\ud800\ufffe\uffff\U0001fffe")
@example("\r\n\t", '"\x85\u2028')
def test_no_text_breaks_the_document(
    result: Callable[..., Result], hidden_test: Callable[..., HiddenTest], student: str, said: str
) -> None:
    test = hidden_test(Status.RAISED, title=said, explanation=said, hint=said)
    root = parsed([grade([Attempt(result(student, tests=(test,)))])])
    failure = root.find("testsuite/testcase/failure")
    assert failure is not None and (failure.text or "").startswith("0 / 1\nThe submission raised an exception.")
    assert len(list(root.iter("testcase"))) == 1
