"""Each exercise is fair: right answers of any kind get full marks, and the stub gets none.

That mistakes lose points where they must, and much more, is proved by `make audit`.
"""

import ast
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from autograder.assemble import Job
from autograder.assignment import load, load_kit, slugs
from autograder.authoring.mutants import load_mutants
from autograder.checking import open_check
from autograder.grading import Pool
from autograder.result import Result, Status
from autograder.submission import Submission, receive

ROOT = Path(__file__).parents[1]
# Those that need another framework are in tests/runtimes.
SLUGS = [slug for slug in slugs(ROOT) if "torch" in load(ROOT, slug).runtimes]
FIRST = ("gpu_move", "module_rewrite", "parameter_norm", "precision_recall_auc")


def variants(slug: str) -> list[Path]:
    return sorted(path for path in (ROOT / "reference" / slug / "variants").iterdir() if path.is_dir())


def submissions(slug: str) -> Iterator[Submission]:
    assignment = load(ROOT, slug)
    yield receive(assignment.reference, assignment.module, "reference")
    yield receive(ROOT / "student_template" / slug / f"{assignment.module}.py", assignment.module, "stub")
    for path in variants(slug):
        yield receive(path, assignment.module, f"variant {path.name}")


@pytest.fixture(scope="session")
def graded(pool: Pool) -> Callable[[str], dict[str, Result]]:
    """Grade everything of an exercise at once, so that all slots have work, and remember it by name."""

    @cache
    def grade(slug: str) -> dict[str, Result]:
        assignment = load(ROOT, slug)
        jobs = (Job(assignment, submission, 1) for submission in submissions(slug))
        return {result.submission.student: result for result in pool.grade_many(jobs)}

    return grade


def failures(result: Result) -> list[str]:
    return [f"{t.id}: {t.status}: {t.explanation} {t.detail}" for t in result.tests if t.status is not Status.PASSED]


def test_the_first_four_exercises_are_there() -> None:
    assert set(FIRST) <= set(SLUGS)


@pytest.mark.parametrize("slug", SLUGS)
def test_an_exercise_has_all_its_parts(slug: str) -> None:
    module = load(ROOT, slug).module
    wanted = [f"assignments/{slug}/{name}" for name in ("handout.md", "hints.md", "design.md")]
    wanted += [f"student_template/{slug}/{name}" for name in ("README.md", f"{module}.py", "test_public.py")]
    assert [name for name in wanted if not (ROOT / name).is_file()] == []
    assert len(load_mutants(ROOT, slug)) >= 10
    assert len(variants(slug)) >= 3


@pytest.mark.parametrize("slug", SLUGS)
def test_the_reference_gets_full_marks(slug: str, graded: Callable[[str], dict[str, Result]]) -> None:
    result = graded(slug)["reference"]
    assert failures(result) == []
    assert result.points == result.max_points


@pytest.mark.parametrize("slug", SLUGS)
def test_the_stub_gets_no_points(slug: str, graded: Callable[[str], dict[str, Result]]) -> None:
    assert graded(slug)["stub"].points == 0


@pytest.mark.parametrize(("slug", "name"), [(slug, path.name) for slug in SLUGS for path in variants(slug)])
def test_an_unusual_right_answer_gets_full_marks(
    slug: str, name: str, graded: Callable[[str], dict[str, Result]]
) -> None:
    result = graded(slug)[f"variant {name}"]
    assert failures(result) == []


def kit_of(slug: str, whose: str, place: Path) -> Path:
    """Put what students are given of an exercise into a folder, with the stub or the reference as the answer."""
    assignment = load(ROOT, slug)
    folder = shutil.copytree(ROOT / "student_template" / slug, place / slug)
    shutil.copy(ROOT / "student_template/conftest.py", folder)
    shutil.copy(assignment.folder / "assignment.toml", folder)
    if whose == "reference":
        shutil.copy(assignment.reference, folder)
    return folder


@pytest.mark.parametrize("slug", SLUGS)
@pytest.mark.parametrize("whose", ["stub", "reference"])
def test_public_tests_are_judged_as_hidden_ones_and_tell_right_from_unfinished(
    slug: str, whose: str, tmp_path: Path
) -> None:
    kit = load_kit(kit_of(slug, whose, tmp_path))
    with open_check(kit, receive(kit.folder, kit.module)) as check:
        assert check.confined
        result = check.run()
    if whose == "reference":
        assert failures(result) == []
    assert len(result.tests) >= 5
    assert {test.status for test in result.tests} <= {
        "stub": {Status.RAISED, Status.WAITING},
        "reference": {Status.PASSED},
    }[whose]
    assert {test.task for test in result.tests} == {task.number for task in kit.tasks}
    assert (result.points, result.max_points, result.valid) == (0, 0, True)


@pytest.mark.parametrize("slug", SLUGS)
@pytest.mark.parametrize(("whose", "outcome"), [("stub", 1), ("reference", 0)])
def test_public_tests_run_with_plain_pytest_and_tell_right_from_unfinished(
    slug: str, whose: str, outcome: int, tmp_path: Path
) -> None:
    folder = kit_of(slug, whose, tmp_path)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == outcome, done.stdout + done.stderr


@pytest.mark.parametrize("slug", SLUGS)
def test_what_students_are_given_holds_no_answer(slug: str) -> None:
    module = load(ROOT, slug).module
    stub = ast.parse((ROOT / "student_template" / slug / f"{module}.py").read_text(encoding="utf-8"))
    reference = ast.parse(load(ROOT, slug).reference.read_text(encoding="utf-8"))
    right = {ast.dump(node) for node in reference.body}
    definitions = [node for node in stub.body if isinstance(node, (ast.FunctionDef, ast.ClassDef))]
    given = [node for node in definitions if (ast.get_docstring(node) or "").startswith("Given:")]
    # What is given is the reference's own, word for word, and no task: the rest of the stub is unanswered.
    assert [node.name for node in given if ast.dump(node) not in right] == []
    functions = [
        node for part in stub.body if part not in given for node in ast.walk(part) if isinstance(node, ast.FunctionDef)
    ]
    assert functions
    for function in functions:
        body = [node for node in function.body if not isinstance(node, ast.Expr)]
        assert all(isinstance(node, ast.Raise) for node in body), function.name


@pytest.mark.parametrize("slug", slugs(ROOT))
def test_what_a_sentence_is_about_is_one_thing(slug: str) -> None:
    # A sentence goes on with "is" and "has": "The losses is wrong" is no English.
    plural = []
    for path in (
        *(ROOT / "assignments" / slug / "hidden").glob("*.py"),
        ROOT / "student_template" / slug / "test_public.py",
    ):
        for written in re.findall(r"""what=f?(["'])(.*?)\1""", path.read_text(encoding="utf-8")):
            noun = re.split(r"[ ,](?:of|for|after|on|with|at|in|by|once|side|that|from)\b|,", written[1])[0].split()[-1]
            if re.fullmatch(r"[a-z]*[a-rt-z]s", noun) and noun not in ("bias", "axis"):
                plural.append(f"{path.name}: {written[1]}")
    assert plural == []
