"""JUnit XML: a test suite for each student and exercise, for CI servers and everything else that shows test reports.

What is wrong with the work is a failure, whatever way the test ended; an error is the grader's, as its exit status is.
"""

import re
from collections.abc import Sequence
from xml.etree import ElementTree

from autograder.export.delimited import number_text
from autograder.export.feedback import claim_of, feedback_on_test
from autograder.report.text import meaning, one_line, score, visible
from autograder.result import Result, Status, TestResult
from autograder.scoring import Grade

__all__ = ["write"]

_OUTCOMES = {Status.PASSED: None, Status.WAITING: "skipped", Status.UNGRADED: "error"}
"""The element that says how a test ended; for all others it is `failure`."""

# XML 1.0 forbids these two in any form, and nothing else that `visible` leaves.
_NONCHARACTERS = re.compile("[\ufffe\uffff]")


def write(grades: Sequence[Grade]) -> bytes:
    """Return a suite for each grade, with a case for each test and the points as properties.

    Times are left out: a report of this kind is often shown to students, and times may tell of hidden tests.
    """
    root = ElementTree.Element("testsuites", name="autograder")
    for grade in grades:
        _suite(root, grade)
    for name in ("tests", "failures", "errors"):
        root.set(name, str(sum(int(suite.get(name, "0")) for suite in root)))
    ElementTree.indent(root)
    data: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return data + b"\n"


def _suite(root: ElementTree.Element, grade: Grade) -> None:
    suite = ElementTree.SubElement(root, "testsuite", name=_legal(one_line(f"{grade.slug}/{grade.student}")))
    properties = ElementTree.SubElement(suite, "properties")
    for name, value in _properties(grade).items():
        ElementTree.SubElement(properties, "property", name=name, value=_legal(one_line(value)))
    _cases(suite, grade)
    cases = suite.findall("testcase")
    suite.set("tests", str(len(cases)))
    for name, child in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(name, str(sum(case.find(child) is not None for case in cases)))


def _properties(grade: Grade) -> dict[str, str]:
    """Return what is known of the grade as a whole; there are no points where nothing was graded."""
    found = {"student": grade.student, "exercise": grade.slug, "max_points": number_text(grade.max_points)}
    if grade.result is not None:
        found["attempt"] = str(grade.attempt)
    if grade.points is not None:
        found["points"] = number_text(grade.points)
    return found


def _cases(suite: ElementTree.Element, grade: Grade) -> None:
    if grade.result is None:
        _case(suite, grade.slug, "A submission was graded.", "skipped", "Nothing has been graded yet.")
    elif not grade.result.tests:
        said = grade.result.error or "Nothing was judged."
        _case(suite, grade.slug, "The submission can be graded.", _blame(grade.result), said)
    else:
        for test in grade.result.tests:
            _test_case(suite, grade.slug, test)


def _blame(result: Result) -> str:
    """Return whose fault it is that no test was run."""
    return "error" if result.points is None else "failure"


def _test_case(suite: ElementTree.Element, slug: str, test: TestResult) -> None:
    outcome = _OUTCOMES.get(test.status, "failure")
    text = f"{score(test.points, test.max_points)}\n{feedback_on_test(test)}"
    _case(suite, f"{slug}.task_{test.task}", claim_of(test), outcome, text, meaning(test.status), test.status.value)


def _case(
    suite: ElementTree.Element,
    classname: str,
    name: str,
    outcome: str | None,
    text: str,
    message: str = "",
    kind: str = "",
) -> None:
    case = ElementTree.SubElement(suite, "testcase", classname=_legal(classname), name=_legal(one_line(name)))
    if outcome is not None:
        said = ElementTree.SubElement(case, outcome, message=_legal(one_line(message or text)))
        if kind:
            said.set("type", kind)
        said.text = _legal(visible(text))


def _legal(text: str) -> str:
    return _NONCHARACTERS.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), text)
