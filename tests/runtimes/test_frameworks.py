"""Exercises that PyTorch's workers cannot run are fair too: judged here on the reference.

Without the frameworks, the reference and its mutants answer from the judge's own process. `make audit` proves the
answers in each framework.
"""

import contextlib
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache, partial
from pathlib import Path
from types import ModuleType

import pytest
import torch

from autograder.assignment import load, slugs
from autograder.authoring.mutants import Mutant, mutants_of
from autograder.authoring.parts import answers_of, variants_of
from autograder.judge.draw import seed_for
from autograder.judge.outcome import Outcome
from autograder.judge.plugin import Case
from autograder.judge.source import Source
from autograder.judge.student import Connection
from autograder.judge.suite import Suite
from autograder.result import Status
from autograder.sandbox.base import Bounds
from autograder.sandbox.fake import FakeSandbox

ROOT = Path(__file__).parents[2]
SECRET = b"the secret of a course for tests"
SLUGS = [slug for slug in slugs(ROOT) if "torch" not in load(ROOT, slug).runtimes]


@cache
def mutants(slug: str) -> list[Mutant]:
    return mutants_of(load(ROOT, slug).reference)


@pytest.fixture(scope="module", params=SLUGS)
def suite(request: pytest.FixtureRequest) -> Iterator[Suite]:
    # As in a slot: several threads for little work wait for each other.
    torch.set_num_threads(1)
    with contextlib.closing(Suite(load(ROOT, request.param))) as suite:
        yield suite


def judged(suite: Suite, source: str) -> dict[str, Outcome]:
    """Judge a source that is trusted, in this process."""
    assignment = suite.assignment
    module = ModuleType("answer")
    exec(compile(source, "answer", "exec"), vars(module))
    bounds = Bounds.of(assignment.limits)
    sandbox = FakeSandbox(module)
    connection = Connection(lambda: sandbox.open(bounds), assignment.module, {}, "cpu", assignment.limits)
    seed = partial(seed_for, SECRET)
    judgement = suite.judge(Case(connection, Source(source), lambda purpose, test: seed(purpose, test)))
    return {outcome.test.id: outcome for outcome in judgement.outcomes}


def failures(outcomes: dict[str, Outcome]) -> list[str]:
    return [
        f"{name}: {one.status}: {one.explanation} {one.detail}"
        for name, one in outcomes.items()
        if one.status is not Status.PASSED
    ]


def test_the_reference_passes_every_hidden_test(suite: Suite) -> None:
    assert failures(judged(suite, suite.assignment.reference.read_text(encoding="utf-8"))) == []


def test_the_stub_passes_none(suite: Suite) -> None:
    assignment = suite.assignment
    stub = ROOT / "student_template" / assignment.slug / f"{assignment.module}.py"
    outcomes = judged(suite, stub.read_text(encoding="utf-8"))
    assert {outcome.status for outcome in outcomes.values()} <= {Status.RAISED, Status.WAITING}


@pytest.mark.long
def test_each_known_mistake_fails_the_tests_that_name_it_and_each_test_is_named(suite: Suite) -> None:
    known = mutants(suite.assignment.slug)
    assert len(known) >= 10
    missed = {}
    for mutant in known:
        lost = {one.test.function for one in judged(suite, mutant.source).values() if one.status is Status.FAILED}
        missed[mutant.name] = set(mutant.caught_by) - lost
        assert mutant.caught_by and mutant.hint and mutant.misconception
    assert {name: tests for name, tests in missed.items() if tests} == {}
    named = {name for mutant in known for name in mutant.caught_by}
    assert {test.function for test in suite.tests} == named


@pytest.mark.parametrize("slug", SLUGS)
@pytest.mark.parametrize(("whose", "outcome"), [("stub", 1), ("reference", 0)])
def test_public_tests_run_with_plain_pytest(slug: str, whose: str, outcome: int, tmp_path: Path) -> None:
    assignment = load(ROOT, slug)
    folder = shutil.copytree(ROOT / "student_template" / slug, tmp_path / slug)
    shutil.copy(ROOT / "student_template/conftest.py", folder)
    shutil.copy(assignment.folder / "assignment.toml", folder)
    if whose == "reference":
        shutil.copy(assignment.reference, folder)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == outcome, done.stdout + done.stderr


@pytest.mark.parametrize("slug", SLUGS)
def test_an_exercise_has_all_its_parts(slug: str) -> None:
    module = load(ROOT, slug).module
    wanted = [f"assignments/{slug}/{name}" for name in ("handout.md", "hints.md", "design.md")]
    wanted += [f"student_template/{slug}/{name}" for name in ("README.md", f"{module}.py", "test_public.py")]
    assert [name for name in wanted if not (ROOT / name).is_file()] == []
    for name, answer in answers_of(load(ROOT, slug)).items():
        assert variants_of(answer), name
        assert len(mutants_of(answer)) >= 10, name
