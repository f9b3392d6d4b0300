"""What a class is graded anew for, and what not."""

from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from autograder.assemble import Conditions, Job, judged
from autograder.assignment import Assignment
from autograder.cli.common import Course
from autograder.cli.progress import ClassWork
from autograder.intake import Intake
from autograder.store import Store
from autograder.submission import receive

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("graded_on", "has_gpu", "again"),
    [("", False, False), ("", True, True), ("H100, driver 580", True, False), ("H100, driver 580", False, False)],
)
def test_what_was_simulated_is_graded_again_where_there_is_a_gpu_and_not_the_other_way_round(
    graded_on: str, has_gpu: bool, again: bool, basics: Assignment, tmp_path: Path
) -> None:
    path = basics.reference.parent
    conditions = Conditions(tier="full", secret_id="0", started="2026-12-04T12:00:00+00:00", gpu=graded_on)
    result = judged(Job(basics, receive(path, "basics", "ada"), 1), [], [], conditions, 1.0)
    pool: Any = SimpleNamespace(has_gpu=has_gpu, recipes={"torch": SimpleNamespace(tier="full")})
    course = Course(basics.root, tmp_path, practice=False)
    with closing(Store(tmp_path)) as store, closing(Intake()) as intake:
        store.record(result)
        work = ClassWork(course, store, intake, pool, False, [(basics, "ada", path)])
        assert len(list(work.jobs())) == again
        assert work.unchanged == (not again)
