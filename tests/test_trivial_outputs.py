"""No trivial answer gets points: zeros, NaN, nothing, one number for all, the input itself.

Each is the reference with its results spoiled on their way out, so that shapes, types and names are as right as they
can be. A hidden test that such an answer passes looks at less than it claims.
"""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from autograder.assemble import Job
from autograder.assignment import load, slugs
from autograder.grading import Pool
from autograder.result import Result, Status
from autograder.submission import Submission

ROOT = Path(__file__).parents[1]

SPOILED = """

import functools as _functools
import types as _types

import numpy as _numpy
import torch as _torch


def _spoiled(value, arguments):
    if isinstance(value, dict):
        return {key: _spoiled(item, arguments) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        items = [_spoiled(item, arguments) for item in value]
        return type(value)(*items) if hasattr(value, "_fields") else type(value)(items)
    if isinstance(value, (bool, int, float)):
        return type(value)(NUMBER)
    if isinstance(value, _numpy.ndarray):
        return _spoiled(_torch.as_tensor(value), arguments).numpy()
    if isinstance(value, _torch.Tensor):
        inputs = [argument for argument in arguments if isinstance(argument, _torch.Tensor)] or [_torch.zeros(3)]
        return TENSOR
    return value


def _spoiling(function):
    @_functools.wraps(function)
    def call(*args, **kwargs):
        return _spoiled(function(*args, **kwargs), args)

    return call


for _name, _value in list(globals().items()):
    if isinstance(_value, _types.FunctionType) and not _name.startswith("_"):
        globals()[_name] = _spoiling(_value)
    elif isinstance(_value, type) and _value.__module__ == __name__:
        for _method, _function in list(vars(_value).items()):
            if isinstance(_function, _types.FunctionType) and not _method.startswith("__"):
                setattr(_value, _method, _spoiling(_function))
"""

KINDS = {
    "zeros": ("0", "_torch.zeros_like(value)"),
    "ones": ("1", "_torch.ones_like(value)"),
    "NaN": (
        "'nan' if isinstance(value, float) else 0",
        "_torch.full_like(value, _torch.nan) if value.is_floating_point() else _torch.zeros_like(value)",
    ),
    "infinity": (
        "'inf' if isinstance(value, float) else 0",
        "_torch.full_like(value, _torch.inf) if value.is_floating_point() else _torch.zeros_like(value)",
    ),
    "nothing": ("0", "value.new_empty((0, *value.shape[1:]))"),
    "one number for all": ("0", "value.double().mean().to(value.dtype) + 0.1 * (not value.dim())"),
    "the first row for all": ("1", "value[:1] if value.dim() else value + 1"),
    "the input": ("0", "inputs[0]"),
}

# A network whose outputs are spoiled is still the right size, and can still be saved and loaded as it is.
# A figure is no number, and is not spoiled.
RIGHT_ALL_THE_SAME = {
    "module_rewrite": {
        "test_a_new_network_registers_its_75_numbers",
        "test_load_gives_back_the_saved_network",
        "test_the_file_holds_values_only",
        "test_load_runs_no_code_from_the_file",
    },
    "optim_rewrite": {
        "test_the_lines_of_the_figure_carry_the_data",
        "test_the_figure_says_what_it_shows",
    },
}


@pytest.fixture(scope="module")
def graded(pool: Pool) -> Callable[[str], dict[str, Result]]:
    """Grade all trivial answers to an exercise at once, so that all slots have work, and remember them by kind."""

    @cache
    def grade(slug: str) -> dict[str, Result]:
        assignment = load(ROOT, slug)
        reference = assignment.reference.read_text(encoding="utf-8")
        jobs = []
        for kind, (number, tensor) in KINDS.items():
            source = reference + SPOILED.replace("NUMBER", number).replace("TENSOR", tensor)
            files = {f"{assignment.module}.py": source.encode()}
            jobs.append(Job(assignment, Submission(student=kind, files=files, digest=kind), 1))
        return {result.submission.student: result for result in pool.grade_many(jobs)}

    return grade


@pytest.mark.attack("C12")
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("slug", [slug for slug in slugs(ROOT) if "torch" in load(ROOT, slug).runtimes])
def test_a_trivial_answer_passes_no_test(slug: str, kind: str, graded: Callable[[str], dict[str, Result]]) -> None:
    result = graded(slug)[kind]
    passed = {test.id for test in result.tests if test.status is Status.PASSED}
    assert result.ungraded == ()
    assert passed <= RIGHT_ALL_THE_SAME.get(slug, set())
    # It is spoiled results that fail, and not code that does not run.
    assert any(test.status is Status.FAILED for test in result.tests)
