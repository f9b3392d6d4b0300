"""An audit proves the right and the wrong answers in every runtime that is installed, and names the others."""

import functools
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from autograder.assignment import Assignment
from autograder.authoring.audit import audit
from autograder.authoring.findings import Audit
from autograder.grading import Pool
from autograder.sandbox.bubblewrap import find_recipe
from autograder.sandbox.zygote import Recipe

ANSWER = "import {name}\n\n\ndef slope(x):\n    return {slope}\n"


@pytest.fixture(autouse=True)
def variant(assignment: Assignment, in_jax: Callable[[str], Path]) -> Path:
    """Give the exercise an answer, a variant (of which this is the file) and a mutant in `jax`, an answer in `cntk`."""
    assignment.reference.write_text(ANSWER.format(name="torch", slope="2 * x"))
    variant = in_jax("1.37 * jax.slope(x)") / "variants/sum/tiny.py"
    cntk = assignment.reference.parent / "cntk/tiny.py"
    for path, name, slope in ((variant, "jax", "x + x"), (cntk, "cntk", "2 * x")):
        path.parent.mkdir(parents=True)
        path.write_text(ANSWER.format(name=name, slope=slope))
    return variant


@pytest.fixture
def audited(recipe: Recipe, runtimes: Path, assignment: Assignment) -> Callable[[], Audit]:
    def run() -> Audit:
        find = functools.partial(find_recipe, folder=runtimes)
        with closing(Pool({"torch": recipe}, b"the secret of a course for tests", slots=1, find=find)) as pool:
            return audit(
                pool, assignment, 1, lambda answers: None, lambda name: None, generated=False, runtimes=runtimes
            )

    return run


def of_other_runtimes(found: Audit) -> list[str]:
    return [hole for hole in found.holes if "/jax/" in hole or "/cntk/" in hole]


def test_right_answers_pass_mutants_do_not_and_what_is_not_installed_is_named(audited: Callable[[], Audit]) -> None:
    found = audited()
    assert of_other_runtimes(found) == []
    assert [(mutant.name, mutant.caught_by) for mutant in found.mutants] == [("jax: not_the_slope", ("test_slope",))]
    assert found.farthest is not None and found.farthest.answer in {"jax", "jax: sum"}
    assert found.not_installed == ("cntk",)


def test_a_variant_that_fails_in_another_runtime_is_a_hole(audited: Callable[[], Audit], variant: Path) -> None:
    variant.write_text(ANSWER.format(name="jax", slope="3 * x"))
    (hole,) = of_other_runtimes(audited())
    assert hole.startswith("reference/tiny/jax/variants/sum fails test_slope on 1 of 1 attempts, the first of them 1: ")


def test_a_mutant_that_passes_in_another_runtime_is_a_hole(
    audited: Callable[[], Audit], in_jax: Callable[[str], Path]
) -> None:
    in_jax("x + x")
    (hole,) = of_other_runtimes(audited())
    assert hole.startswith(
        "reference/tiny/jax/mutants.toml: mutant 'jax: not_the_slope' passes test_slope on attempt 1"
    )


def test_an_answer_that_is_not_there_is_a_hole(audited: Callable[[], Audit], assignment: Assignment) -> None:
    (assignment.reference.parent / "cntk/tiny.py").unlink()
    (hole,) = of_other_runtimes(audited())
    assert hole == "reference/tiny/cntk/tiny.py is missing. Write it: the right answer in cntk."
