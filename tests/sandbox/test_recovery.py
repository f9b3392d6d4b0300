"""When the grader's own processes die, the student does not pay: the work is done again, or not graded at all."""

import dataclasses
import os
import signal
import threading
from collections.abc import Callable

from autograder.assemble import Job
from autograder.assignment import Assignment
from autograder.grading import Pool
from autograder.result import Result, Status
from autograder.sandbox.zygote import Recipe
from autograder.slot import Slot
from autograder.submission import Submission

Processes = Callable[[], dict[int, str]]
SECRET = b"the secret of a course for tests"


def job(basics: Assignment, name: str, extra: str = "") -> Job:
    """A right submission, with something added to its end."""
    source = basics.reference.read_bytes() + extra.encode()
    return Job(basics, Submission(student=name, files={"basics.py": source}, digest="0" * 64), attempt=1)


SLOW = """
def add(a, b):
    import time
    time.sleep(1)
    return a + b
"""


def kill_zygotes(processes: Processes, before: set[int]) -> None:
    for number, command in processes().items():
        if number not in before and "/runtime/worker" in command and "bwrap" not in command.partition(" ")[0]:
            os.kill(number, signal.SIGKILL)


def test_a_slot_grades_on_after_its_zygote_was_killed(
    basics: Assignment, my_processes: Processes, recipe: Recipe, wait_for_end: Callable[..., None]
) -> None:
    before = set(my_processes())
    slot = Slot({"torch": recipe}, SECRET)
    try:
        assert slot.grade(job(basics, "first")).points == 11
        kill_zygotes(my_processes, before)
        between = slot.grade(job(basics, "second"))
        assert (between.points, between.ungraded) == (11, ())
        threading.Timer(0.5, kill_zygotes, (my_processes, before)).start()
        during = slot.grade(job(basics, "third", SLOW))
        assert (during.points, during.ungraded) == (11, ())
        started = my_processes().keys() - before
        assert started
    finally:
        slot.close()
    wait_for_end(started)


def test_a_sandbox_that_never_works_is_never_a_zero(basics: Assignment, recipe: Recipe) -> None:
    broken = dataclasses.replace(recipe, command=("/bin/sh", "-c", "echo out of order >&2; exit 1"))
    slot = Slot({"torch": broken}, SECRET)
    try:
        result = slot.grade(job(basics, "unlucky"))
    finally:
        slot.close()
    assert result.points is None
    assert len(result.ungraded) == len(result.tests)
    assert {test.points for test in result.tests} == {None}
    assert not any("out of order" in test.explanation for test in result.tests), "no student can do anything about it"
    assert "out of order" in result.tests[0].detail


def test_a_killed_slot_costs_no_submission(basics: Assignment, recipe: Recipe, my_processes: Processes) -> None:
    before = set(my_processes())
    pool = Pool({"torch": recipe}, SECRET, slots=1)
    graded = []
    try:
        for result in pool.grade_many(job(basics, name, SLOW) for name in ("ada", "bo", "chen")):
            graded.append((result.submission.student, result.points))
            if len(graded) == 1:
                slots = [number for number, command in my_processes().items() if "spawn_main" in command]
                os.kill(max(set(slots) - before), signal.SIGKILL)
    finally:
        pool.close()
    assert sorted(graded) == [("ada", 11), ("bo", 11), ("chen", 11)]


def test_a_worker_that_somebody_kills_costs_no_points(
    basics: Assignment, recipe: Recipe, my_processes: Processes
) -> None:
    before = set(my_processes())
    slot = Slot({"torch": recipe}, SECRET)

    def kill_workers() -> None:
        python = [number for number, command in my_processes().items() if "/runtime/worker" in command]
        # The one that works is busy or asleep as a grandchild of the zygote; the spare waits beside it.
        for number in sorted(set(python) - before)[-4:]:
            os.kill(number, signal.SIGKILL)

    try:
        assert slot.grade(job(basics, "first")).points == 11
        threading.Timer(0.7, kill_workers).start()
        result = slot.grade(job(basics, "unlucky", SLOW))
        assert (result.points, result.ungraded) == (11, ())
    finally:
        slot.close()


def test_a_submission_that_kills_itself_crashes_as_often_as_it_is_tried(
    basics: Assignment, grade: Callable[..., Result]
) -> None:
    source = basics.reference.read_text() + "\ndef add(a, b):\n    import os\n    os.kill(os.getpid(), 9)\n"
    result = grade(basics, {"basics.py": source})
    ended = {test.id: test for test in result.tests if test.status is not Status.PASSED}
    assert ended.keys() == {"test_add"}
    assert ended["test_add"].status is Status.CRASHED
    assert "ended its process (signal 9, SIGKILL)" in ended["test_add"].explanation
