"""How submissions behave, and what their students are told.

A behaviour is a folder `golden/<behaviour>/`: a submission to the small course `golden/course/`, and `expect.toml`,
which says how each test ends that does not pass:

    notes = ["conftest.py"]         what the notes on the submission must mention

    [test_mean]                     a test that does not pass; `every_test` stands for all that are not named
    status = "timed_out"
    says = ["within 2 s"]           what its explanation must contain
    never_says = ["agent"]          what it must not
    prints = ["still adding"]       what the output that is shown with it must contain
    at_most = 6000                  how long its explanation may be

The course's reference is put beside each submission as `right.py`, so that a submission spells out only what is not
right. A right submission is graded at the same moment and must not feel its neighbour.
"""

import tomllib
from pathlib import Path
from typing import Any

import msgspec
import pytest

from autograder.assemble import Job
from autograder.assignment import Assignment
from autograder.grading import Pool
from autograder.result import Result, Status
from autograder.submission import receive

GOLDEN = Path(__file__).parent / "golden"
BEHAVIOURS = sorted(path.parent.name for path in GOLDEN.glob("*/expect.toml"))


@pytest.mark.parametrize("behaviour", BEHAVIOURS)
def test_golden(behaviour: str, basics: Assignment, pool: Pool) -> None:
    expected = tomllib.loads((GOLDEN / behaviour / "expect.toml").read_text(encoding="utf-8"))
    result, neighbour = _graded(basics, pool, behaviour)
    assert neighbour.points == basics.max_points, "a right submission beside it must not feel it"
    for note in expected.pop("notes", []):
        assert any(note in line for line in result.submission.notes), result.submission.notes
    every = expected.pop("every_test", None)
    wanted = ({test.id: every for test in result.tests} if every else {}) | expected
    assert {test.id: test.status for test in result.tests if test.status is not Status.PASSED} == {
        name: ending["status"] for name, ending in wanted.items()
    }, [(test.explanation, test.detail) for test in result.tests]
    for test in result.tests:
        if test.id in wanted:
            _check_words(test, wanted[test.id])
    assert result.points == sum(test.max_points for test in result.tests if test.id not in wanted)
    assert result.error == "" and result.valid


def _graded(basics: Assignment, pool: Pool, behaviour: str) -> tuple[Result, Result]:
    """Grade a behaviour and, at the same moment in the other slot, what is right."""
    right = {"right.py": basics.reference.read_bytes()}
    jobs = []
    for name in (behaviour, "right"):
        received = receive(GOLDEN / name, basics.module)
        beside = msgspec.structs.replace(received, student=f"student {len(jobs)}", files={**received.files, **right})
        jobs.append(Job(basics, beside, attempt=1))
    first, second = sorted(pool.grade_many(jobs), key=lambda result: result.submission.student)
    return first, second


def _check_words(test: Any, ending: dict[str, Any]) -> None:
    for words in ending.get("says", []):
        assert words in test.explanation
    for words in [*ending.get("never_says", []), "_autograder_worker"]:
        assert words not in test.explanation
    for words in ending.get("prints", []):
        assert words in test.output
    assert "\x1b" not in test.output, "control characters are made visible"
    assert len(test.explanation) <= ending.get("at_most", 1000)
