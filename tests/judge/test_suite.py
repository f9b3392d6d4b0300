"""A hidden suite judges: how each test ends, what the student is told, and that nothing leaks from one to the next."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from autograder.judge.outcome import Judgement, Outcome
from autograder.judge.suite import Suite
from autograder.result import Status

Course = Callable[..., Path]
Judge = Callable[..., Judgement]

ONE = """
    pytestmark = [pytest.mark.task(1), pytest.mark.points(1)]

    def test_one(student, reference, draw, compare, source, curves):
        '''The one claim.'''
        {body}
"""


def only(judgement: Judgement) -> Outcome:
    (outcome,) = judgement.outcomes
    return outcome


def judge_one(tiny_course: Course, judge: Judge, body: str, source: str, reference: str = "") -> Outcome:
    return only(judge(tiny_course(ONE.format(body=body), reference), source))


def test_a_right_answer_passes(tiny_course: Course, judge: Judge) -> None:
    body = "x = draw.normal(9); compare.close(student.double(x), reference.double(x))"
    right = "def double(x): return 2 * x"
    outcome = judge_one(tiny_course, judge, body, right, right)
    assert (outcome.status, outcome.explanation, outcome.detail) == (Status.PASSED, "", "")
    assert (outcome.test.title, outcome.test.task, outcome.test.points) == ("The one claim.", 1, 1)


@pytest.mark.parametrize(
    ("body", "status", "explanation"),
    [
        ("compare.close(student.f(), 3)", Status.FAILED, "The value that came back is wrong: off by 1"),
        ("student.g()", Status.RAISED, "`g` raised ValueError: no"),
        ("student.h()", Status.RAISED, "Your file has no function or class named 'h'."),
        ("student.k()", Status.REFUSED, "`k` returned a dict with a key of type int"),
        ("student.m()", Status.OUT_OF_MEMORY, "`m` ran out of memory MemoryError"),
        ("assert student.f() == 3, 'It must be odd.'", Status.FAILED, "It must be odd."),
        ("source.function('missing')", Status.FAILED, "Your file has no function named 'missing'."),
    ],
)
def test_each_ending_has_its_status(
    tiny_course: Course, judge: Judge, body: str, status: Status, explanation: str
) -> None:
    source = """
        def f(): return 2
        def g(): raise ValueError("no")
        def k(): return {1: 1}
        def m(): raise MemoryError
    """
    outcome = judge_one(tiny_course, judge, body, source)
    assert (outcome.status, outcome.suspect) == (status, False)
    assert outcome.explanation.startswith(explanation)


@pytest.mark.parametrize(
    "body",
    [
        "student.f()['missing']",
        "raise RuntimeError('the suite is broken')",
        "reference.no_such_function()",
        "student.f(object())",
        "assert_nothing_of_this_name",
        "import numpy; numpy.testing.assert_equal(1, 2)",
    ],
)
def test_a_test_that_breaks_is_suspect_and_tells_the_student_nothing(
    tiny_course: Course, judge: Judge, body: str
) -> None:
    outcome = judge_one(tiny_course, judge, body, "def f(*args): return {}")
    assert (outcome.status, outcome.suspect, outcome.explanation) == (Status.UNGRADED, True, "")
    assert "Error" in outcome.detail


@pytest.mark.parametrize("body", ["student.f()['missing']", "import numpy; numpy.testing.assert_equal(1, 2)"])
def test_a_test_that_breaks_shows_its_own_line_first(tiny_course: Course, judge: Judge, body: str) -> None:
    detail = judge_one(tiny_course, judge, body, "def f(): return {}").detail
    first, *_ = re.findall(r'File "(.*)", line', detail)
    assert Path(first).name.startswith("test_") and body in detail and "Error" in detail


def test_a_test_that_asks_for_an_unknown_fixture_is_suspect(tiny_course: Course, judge: Judge) -> None:
    course = tiny_course(ONE.format(body="pass").replace("curves", "studnet"))
    outcome = only(judge(course, ""))
    assert (outcome.status, outcome.suspect) == (Status.UNGRADED, True)
    assert "studnet" in outcome.detail


def test_suites_with_files_of_the_same_name_do_not_mix(
    tiny_course: Course, judge: Judge, suite_of: Callable[[Path], Suite]
) -> None:
    # One slot grades several assignments, and each may have a test_model.py.
    suites = []
    for number in (1, 2):
        course = tiny_course(ONE.format(body=f"compare.close(student.f(), {number})"))
        suites.append(suite_of(course))
    assert [only(judge(suite, "def f(): return 1")).status for suite in suites] == [Status.PASSED, Status.FAILED]


@pytest.mark.parametrize("body", ["pytest.skip('not today')", "pytest.importorskip('nothing_of_this_name')"])
def test_a_skipped_test_is_not_passed(tiny_course: Course, judge: Judge, body: str) -> None:
    outcome = judge_one(tiny_course, judge, body, "")
    assert outcome.status is Status.UNGRADED
    assert "skipped" in outcome.detail


@pytest.mark.parametrize("body", ["pytest.fail('broken')", "pytest.xfail('known')", "pytest.exit('stop')"])
def test_what_else_pytest_offers_is_no_way_to_pass(tiny_course: Course, judge: Judge, body: str) -> None:
    course = tiny_course(ONE.format(body=body))
    assert only(judge(course, "")).status is not Status.PASSED


def test_the_same_suite_judges_on_after_pytest_was_asked_to_stop(
    tiny_course: Course, judge: Judge, suite_of: Callable[[Path], Suite]
) -> None:
    body = "if student.f(): pytest.exit('stop')"
    suite = suite_of(tiny_course(ONE.format(body=body)))
    assert only(judge(suite, "def f(): return True")).status is not Status.PASSED
    assert only(judge(suite, "def f(): return False")).status is Status.PASSED


def test_an_error_in_the_student_s_class_names_is_not_taken_for_the_judge_s(tiny_course: Course, judge: Judge) -> None:
    outcome = judge_one(
        tiny_course, judge, "student.f()", "class Skipped(Exception): pass\ndef f(): raise Skipped('passed')"
    )
    assert (outcome.status, outcome.explanation[:32]) == (Status.RAISED, "`f` raised Skipped: passed")


NEEDS = """
    pytestmark = [pytest.mark.task(1), pytest.mark.points(1)]

    def test_first(student, compare):
        '''The first claim.'''
        compare.close(student.first(), 1)

    @pytest.mark.needs("test_first")
    def test_second(student, compare):
        '''The second claim.'''
        compare.close(student.second(), 2)

    @pytest.mark.needs("test_second")
    def test_third(student, compare):
        '''The third claim.'''
        compare.close(student.second(), 2)
"""


def test_what_needs_a_failed_test_waits_and_names_it(tiny_course: Course, judge: Judge) -> None:
    course = tiny_course(NEEDS, points=3)
    found = judge(course, "def first(): return 0\ndef second(): return 2").outcomes
    assert [outcome.status for outcome in found] == [Status.FAILED, Status.WAITING, Status.WAITING]
    assert "“The first claim.”" in found[1].explanation
    assert "“The second claim.”" in found[2].explanation


def test_what_needs_a_passed_test_runs(tiny_course: Course, judge: Judge) -> None:
    found = judge(tiny_course(NEEDS, points=3), "def first(): return 1\ndef second(): return 2").outcomes
    assert [outcome.status for outcome in found] == [Status.PASSED] * 3


def test_what_needs_an_ungraded_test_is_ungraded(tiny_course: Course, judge: Judge) -> None:
    course = tiny_course(NEEDS.replace("compare.close(student.first(), 1)", "raise RuntimeError"), points=3)
    found = judge(course, "def second(): return 2").outcomes
    assert [outcome.status for outcome in found] == [Status.UNGRADED] * 3


DEVICES = """
    pytestmark = pytest.mark.task(1)

    @pytest.mark.points(4)
    def test_moves(student, device):
        '''It moves.'''
        assert student.f(device)

    @pytest.mark.points(2)
    @pytest.mark.needs("test_moves")
    def test_trains(device):
        '''It trains.'''

    @pytest.mark.points(6)
    @pytest.mark.parametrize("size", [1, 2, 3])
    def test_sizes(size):
        '''It is right for each size.'''
"""


def test_points_are_divided_among_devices_and_parameters(tiny_course: Course, judge: Judge) -> None:
    course = tiny_course(DEVICES, settings='devices = ["cpu", "cuda"]', points=12)
    found = judge(course, "def f(device): return True").outcomes
    assert {outcome.test.id: outcome.test.points for outcome in found} == {
        "test_moves[cpu]": 2,
        "test_moves[cuda]": 2,
        "test_trains[cpu]": 1,
        "test_trains[cuda]": 1,
        "test_sizes[1]": 2,
        "test_sizes[2]": 2,
        "test_sizes[3]": 2,
    }
    assert [outcome.test.device for outcome in found[:3]] == ["cpu", "cuda", "cpu"]


def test_a_test_waits_for_its_own_device_only(tiny_course: Course, judge: Judge) -> None:
    course = tiny_course(DEVICES, settings='devices = ["cpu", "cuda"]', points=12)
    found = {
        outcome.test.id: outcome.status for outcome in judge(course, "def f(device): return device == 'cpu'").outcomes
    }
    assert found["test_moves[cuda]"] is Status.FAILED
    assert found["test_trains[cpu]"] is Status.PASSED
    assert found["test_trains[cuda]"] is Status.WAITING


def test_a_control_run_stays_on_the_cpu(tiny_course: Course, judge: Judge) -> None:
    course = tiny_course(DEVICES, settings='devices = ["cpu", "cuda"]', points=12)
    found = judge(course, "def f(device): return device == 'cpu'", control=True).outcomes
    assert {outcome.status for outcome in found} == {Status.PASSED}


TELLS = """
    pytestmark = [pytest.mark.task(1), pytest.mark.points(1)]

    def test_tells(student, draw, curves, compare):
        '''It tells what it is given.'''
        curves.record("drawn", student=[draw.normal(1).item(), torch.rand(1).item(), draw.seed()])
"""


def test_inputs_are_the_same_on_an_attempt_and_new_on_the_next(
    tiny_course: Course, judge: Judge, suite_of: Callable[[Path], Suite]
) -> None:
    suite = suite_of(tiny_course(TELLS))
    drawn = [judge(suite, "", attempt=attempt).curves[0].student for attempt in (1, 1, 2)]
    assert drawn[0] == drawn[1]
    assert not set(drawn[1]) & set(drawn[2])
    assert judge(suite, "").curves[0].test == "test_tells"


KEEPS = """
    pytestmark = [pytest.mark.task(1), pytest.mark.points(1)]

    @pytest.fixture(scope="{scope}")
    def shared():
        return []

    def test_a(shared, student):
        '''It is the first to write.'''
        shared.append(1)
        assert len(shared) == 1
        assert student.count() == 1

    def test_b(shared, student, reference):
        '''What the reference gave is not what another test gets.'''
        numbers = reference.numbers()
        numbers.append(3)
        assert reference.numbers() == [1, 2]
        assert student.count() == 2
"""
COUNTS = """
    calls = []
    def count():
        calls.append(1)
        return len(calls)
"""


@pytest.mark.parametrize("scope", ["function", "module", "session"])
def test_nothing_of_one_submission_reaches_the_next(
    tiny_course: Course, judge: Judge, suite_of: Callable[[Path], Suite], scope: str
) -> None:
    course = tiny_course(KEEPS.format(scope=scope), "def numbers(): return [1, 2]", points=2)
    suite = suite_of(course)
    for _ in range(2):
        found = judge(suite, COUNTS).outcomes
        assert [outcome.status for outcome in found] == [Status.PASSED] * 2, found


def test_broken_judging_is_raised_and_the_suite_judges_on(
    tiny_course: Course, judge: Judge, suite_of: Callable[[Path], Suite], monkeypatch: pytest.MonkeyPatch
) -> None:
    suite = suite_of(tiny_course(ONE.format(body="pass")))

    def broken(*args: Any, **kwargs: Any) -> None:
        raise OSError("the judge is broken")

    with monkeypatch.context() as patched:
        patched.setattr("autograder.judge.plugin.runtestprotocol", broken)
        with pytest.raises(OSError, match="the judge is broken"):
            judge(suite, "")
    assert only(judge(suite, "")).status is Status.PASSED
