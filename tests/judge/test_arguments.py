"""`compare.unchanged`: a function that changes what it was given is told which argument, and what of it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.judge.outcome import Judgement, Outcome
from autograder.result import Status

Course = Callable[..., Path]
Judge = Callable[..., Judgement]

SUITE = """
    pytestmark = [pytest.mark.task(1), pytest.mark.points(1)]
    X = torch.tensor([[1.0, 2.0, float("nan")], [4.0, 5.0, 6.0]])

    def test_one(student, compare):
        '''The arguments stay.'''
        compare.unchanged(student, "f", {arguments})
"""


def judged(tiny_course: Course, judge: Judge, arguments: str, body: str) -> Outcome:
    """Judge a function `f(a, b)` with this body by a suite that gives it these arguments."""
    source = f"import torch\ndef f(a, b=None):\n    {body}\n"
    (outcome,) = judge(tiny_course(SUITE.format(arguments=arguments)), source).outcomes
    return outcome


@pytest.mark.parametrize(
    ("arguments", "body", "problem"),
    [
        ("X", "a += 1; return a", "`f` changed its first argument in 5 of 6 elements"),
        ("2.0, X[0, 0]", "b.zero_()", "`f` changed its second argument"),
        ("X.numpy()", "a[0, 0] = 7", "`f` changed its first argument in 1 of 6 elements"),
        ("X, X.clone()", "b.t_()", "`f` changed the shape of its second argument from (2, 3) to (3, 2)"),
        ("[X, [X, X]]", "a[1][0] *= 2", "`f` changed part [1][0] of its first argument in 5 of 6 elements"),
        ("[X, X]", "a[0] = None", "`f` replaced part [0] of its first argument by something else"),
        ("[X, X]", "a[0] = a[0].double()", "`f` changed the dtype of part [0] of its first argument"),
        ("[3, 1, 2]", "a.sort()", "`f` changed part [0] of its first argument"),
        ("[3, 1, 2]", "return a.pop()", "`f` changed the number of parts of its first argument"),
        ("{'v': X}", "a['u'] = 1", "`f` changed the keys of its first argument"),
        ("{'v': X}", "a['v'].abs_().neg_()", "`f` changed part ['v'] of its first argument in 5 of 6 elements"),
        ("X, X.clone()", "b.requires_grad_()", "`f` made its second argument require a gradient"),
        ("X.clone().requires_grad_()", "a.requires_grad_(False)", "`f` made its first argument require no gradient"),
    ],
)
def test_what_was_changed_is_told(tiny_course: Course, judge: Judge, arguments: str, body: str, problem: str) -> None:
    outcome = judged(tiny_course, judge, arguments, body)
    assert outcome.status is Status.FAILED
    assert outcome.explanation == f"{problem}; it must leave its arguments as they were."


def test_a_gradient_that_is_left_behind_is_told(tiny_course: Course, judge: Judge) -> None:
    outcome = judged(
        tiny_course, judge, "X", "a.requires_grad_(); a.sum().backward(); a.requires_grad_(False); return 1"
    )
    assert outcome.explanation == "`f` left a gradient in `.grad` of its first argument, where there was none before."


@pytest.mark.parametrize(
    ("arguments", "body"),
    [
        ("X", "a = a.clone(); a += 1; return a"),
        ("X, [X, {'v': X.double()}]", "b = [a, b]; b.pop(); return a.detach() * 2"),
        ("X", "return a"),
        ("X.clone().requires_grad_()", "return torch.autograd.grad(a.nansum(), a)"),
        ("X.bool()", "return ~a"),
        ("'text', X.int().numpy()", "return object()"),
        ("torch.zeros(0)", "return a"),
    ],
)
def test_what_is_left_as_it_was_passes(tiny_course: Course, judge: Judge, arguments: str, body: str) -> None:
    assert judged(tiny_course, judge, arguments, body).status is Status.PASSED


def test_a_network_is_named_by_how_it_was_made(tiny_course: Course, judge: Judge) -> None:
    made = "student.f(1)"
    suite = SUITE.format(arguments="X").replace('"f"', made)
    source = "def f(a):\n    return Net()\nclass Net:\n    def __call__(self, x):\n        return x.abs_().neg_()\n"
    (outcome,) = judge(tiny_course(suite), source).outcomes
    assert outcome.explanation.startswith("`f(…)` changed its first argument in 5 of 6 elements")


def test_a_function_that_fails_has_its_own_status(tiny_course: Course, judge: Judge) -> None:
    assert judged(tiny_course, judge, "X", "raise ValueError('no')").status is Status.RAISED
