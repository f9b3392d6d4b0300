"""What a slot adds to judging: whose fault it is that a test broke, and a record that can be made again."""

import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from autograder.assignment import Assignment, load
from autograder.result import Result, Status

Tiny = Callable[..., Assignment]
Grade = Callable[..., Result]

RIGHT = "def f(): return {'a': 1}"
NUMBERS = itertools.count()

ONE = """
    pytestmark = [pytest.mark.task(1), pytest.mark.points(1)]

    def test_one(student, reference, draw, compare):
        '''The one claim.'''
        {body}
"""


@pytest.fixture
def tiny(tiny_course: Callable[..., Path]) -> Callable[..., Assignment]:
    """Write an assignment under a slug that no slot has seen."""

    def write(tests: str, **settings: Any) -> Assignment:
        slug = f"tiny_{next(NUMBERS)}"
        return load(tiny_course(tests, slug=slug, **settings), slug)

    return write


def test_a_test_that_breaks_on_a_wrong_type_only_is_the_student_s_fault(tiny: Tiny, grade: Grade) -> None:
    assignment = tiny(ONE.format(body="compare.close(student.f()['a'], 1)"), reference=RIGHT)
    result = grade(assignment, {"tiny.py": "def f(): return [1]"})
    assert (result.tests[0].status, result.points) == (Status.FAILED, 0)
    assert "look at its type and its shape" in result.tests[0].explanation


def test_a_test_that_breaks_on_the_reference_too_is_nobody_s_zero(tiny: Tiny, grade: Grade) -> None:
    assignment = tiny(ONE.format(body="compare.close(student.f()['b'], 1)"), reference=RIGHT)
    result = grade(assignment, {"tiny.py": RIGHT})
    assert (result.tests[0].status, result.points) == (Status.UNGRADED, None)
    assert result.tests[0].explanation == "" and "KeyError" in result.tests[0].detail


def test_a_plain_assertion_says_what_its_author_wrote_and_not_what_it_compared(tiny: Tiny, grade: Grade) -> None:
    for body, words in (("assert student.f() == 98765", ""), ("assert student.f() == 98765, 'Count again.'", "Count")):
        result = grade(tiny(ONE.format(body=body)), {"tiny.py": "def f(): return 2"})
        (test,) = result.tests
        assert test.status is Status.FAILED
        assert words in test.explanation and "98765" not in test.explanation


def test_expected_values_are_shown_where_the_author_says_so(tiny: Tiny, grade: Grade) -> None:
    hidden = ONE.format(body="compare.close(student.f(), 98765)")
    shown = hidden.replace("    def test_one", "    @pytest.mark.reveal\n    def test_one")
    texts = []
    for tests in (hidden, shown):
        result = grade(tiny(tests), {"tiny.py": "def f(): return 2"})
        assert "98765" in result.tests[0].detail
        texts.append(result.tests[0].explanation)
    assert ["98765" in text for text in texts] == [False, True]


def without_timings(result: Result) -> dict[str, Any]:
    return {name: getattr(result, name) for name in result.__struct_fields__ if name != "timings"}


def test_the_same_attempt_gives_the_same_record_in_every_slot(basics: Assignment, grade: Grade) -> None:
    files = {"basics.py": basics.reference.read_text() + "\n\ndef add(a, b):\n    return a - b\n"}
    records = [without_timings(grade(basics, files)) for _ in range(4)]
    assert all(record == records[0] for record in records)
    assert records[0]["tests"] != without_timings(grade(basics, files, attempt=2))["tests"], (
        "new inputs, other distances"
    )


def test_a_worker_for_each_test_where_the_assignment_says_so(tiny: Tiny, grade: Grade) -> None:
    tests = """
        pytestmark = [pytest.mark.task(1), pytest.mark.points(1)]

        def test_first(student):
            '''It is called.'''
            assert student.count() == 1

        def test_second(student):
            '''It is called again.'''
            assert student.count() == 1
    """
    source = "calls = []\ndef count():\n    calls.append(1)\n    return len(calls)\n"
    found = []
    for isolation in ("test", "submission"):
        assignment = tiny(tests, settings=f'isolation = "{isolation}"', points=2)
        found.append(grade(assignment, {"tiny.py": source}).points)
    assert found == [2, 1]


def test_random_numbers_do_not_depend_on_what_was_drawn_before(tiny: Tiny, grade: Grade) -> None:
    tests = """
        pytestmark = [pytest.mark.task(1), pytest.mark.points(1)]

        def test_first(student):
            '''It draws some.'''
            student.warm_up()

        def test_second(student, curves):
            '''It draws again.'''
            curves.record("drawn", student=student.draw())
    """
    source = """
        import random, numpy, torch
        def draw():
            return [random.random(), float(numpy.random.rand()), float(torch.rand(1))]
        def warm_up():
            for _ in range({count}):
                draw()
    """
    assignment = tiny(tests, points=2)
    few, many = (grade(assignment, {"tiny.py": source.format(count=count)}).curves for count in (1, 5))
    assert few == many


def test_a_control_run_can_read_files(tiny: Tiny, grade: Grade) -> None:
    reference = "def f(path):\n    open(path, 'w').write('x')\n    return {'a': 1}"
    body = "value = student.f('x.txt'); student.read_file('x.txt'); compare.close(value['a'], 1)"
    assignment = tiny(ONE.format(body=body), reference=reference)
    result = grade(assignment, {"tiny.py": reference.replace("{'a': 1}", "[1]")})
    assert (result.tests[0].status, result.points) == (Status.FAILED, 0)
