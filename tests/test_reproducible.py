"""The same attempt gets the same bytes: again, in any order, alone and in company, with one job and with two."""

import json
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from autograder.assemble import Job
from autograder.assignment import load, slugs
from autograder.grading import Pool
from autograder.result import Result, Timings, to_json
from autograder.sandbox.zygote import Recipe
from autograder.submission import find_submissions, receive

ROOT = Path(__file__).parents[1]
SECRET = b"the secret of a course for tests"
NO_TIMINGS = Timings(started="", seconds=0.0, tests={})


def jobs() -> list[Job]:
    """The class of the demo, of every exercise; without the submissions that stop at a limit, which takes long."""
    found = []
    for slug in [slug for slug in slugs(ROOT) if (ROOT / "examples/class" / slug).is_dir()]:
        assignment = load(ROOT, slug)
        examples = ROOT / "examples/class" / slug
        for _, path in find_submissions(examples) if examples.is_dir() else ():
            if not path.name.startswith(("emil", "fatima")):
                submission = receive(path, assignment.module)
                found.append(Job(assignment, msgspec.structs.replace(submission, student=f"{slug} {path.name}"), 1))
    return found


def graded(recipe: Recipe, jobs: list[Job], slots: int) -> dict[str, bytes]:
    pool = Pool({"torch": recipe}, SECRET, slots)
    try:
        return {result.submission.student: without_timings(result) for result in pool.grade_many(jobs)}
    finally:
        pool.close()


def without_timings(result: Result) -> bytes:
    return to_json(msgspec.structs.replace(result, timings=NO_TIMINGS))


@pytest.mark.long
def test_the_same_attempt_gets_the_same_bytes(recipe: Recipe, grade: Callable[..., Result]) -> None:
    every = jobs()
    assert len(every) >= 16
    first = graded(recipe, every, slots=1)
    assert graded(recipe, [*reversed(every), *every[::2]], slots=2) == first
    alone = every[len(every) // 2]
    assert graded(recipe, [alone], slots=1) == {alone.submission.student: first[alone.submission.student]}


def test_another_attempt_gets_other_inputs(recipe: Recipe) -> None:
    # What is wrong is wrong in both; by how much tells the inputs apart.
    wrong = next(job for job in jobs() if "precision_recall_auc bo" in job.submission.student)
    again = Job(wrong.assignment, wrong.submission, attempt=2)
    first, second = (json.loads(next(iter(graded(recipe, [job], 1).values()))) for job in (wrong, again))
    assert first["points"] == second["points"]
    assert [test["detail"] for test in first["tests"]] != [test["detail"] for test in second["tests"]]
