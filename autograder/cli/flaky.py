"""`grade.py flaky`: which tests do not end alike when nothing has changed."""

import contextlib
import os
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import click
from rich.console import Console

from autograder.assemble import Job
from autograder.assignment import Assignment, load
from autograder.authoring.parts import variants_of
from autograder.cli.batch import class_entries
from autograder.cli.common import Course, errors, grading_options, tell
from autograder.cli.progress import grade_all
from autograder.cli.regrade import kept_entries
from autograder.errors import SubmissionError
from autograder.intake import Intake
from autograder.report.text import counted, first_line, one_line
from autograder.report.variation import Observations, render_variations
from autograder.result import Result
from autograder.store import Store
from autograder.submission import Submission

__all__ = ["flaky"]


@dataclass
class _Trials:
    """Submissions that are graded many times, and what was seen."""

    assignment: Assignment
    runs: int
    attempts: dict[tuple[str, str], int] = field(default_factory=dict)
    """The number of each submission's own attempt, by student and digest."""
    right: dict[tuple[str, str], bool] = field(default_factory=dict)
    """Which of them are right answers of the course's own."""
    submissions: list[Submission] = field(default_factory=list)
    seen: Observations = field(default_factory=Observations)
    done: int = 0
    broken: Counter[tuple[str, str]] = field(default_factory=Counter)
    """How many runs the grader owes an answer for, by student and reason."""

    @property
    def total(self) -> int:
        return len(self.submissions) * self.runs * 2

    def receive(self, intake: Intake, store: Store, path: Path, student: str, *, right: bool) -> None:
        """Take a submission in; what cannot be read is said, and left out."""
        try:
            submission = intake.receive(path, self.assignment.module, student)
        except SubmissionError as error:
            tell(f"{one_line(student)} is left out: {first_line(str(error))}")
            return
        key = (student, submission.digest)
        self.attempts[key] = store.attempt_number(self.assignment.slug, *key)
        self.right[key] = right
        self.submissions.append(submission)

    def jobs(self) -> Iterator[Job]:
        """Yield each submission's own attempt `runs` times, and as many attempts after it; the class in turn."""
        for run in range(1, self.runs + 1):
            for submission in self.submissions:
                own = self.attempts[submission.student, submission.digest]
                yield Job(self.assignment, submission, own)
                yield Job(self.assignment, submission, own + run)

    def add(self, result: Result) -> None:
        """Take in how a run ended."""
        self.done += 1
        key = (result.submission.student, result.submission.digest)
        self.seen.add(result, right=self.right[key], same_seed=result.attempt == self.attempts[key])
        if result.points is None:
            why = result.error or ", ".join(test.title for test in result.ungraded)
            self.broken[key[0], why] += 1


@click.command()
@click.argument("slug")
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@grading_options
@click.option("--runs", type=click.IntRange(min=2), default=5, show_default=True, help="With the same seed, and fresh.")
@click.option("--jobs", type=click.IntRange(min=1), default=os.cpu_count() or 1, help="Slots. [default: one a core]")
def flaky(slug: str, folder: Path | None, course: Course, runs: int, jobs: int) -> None:
    """Name the tests of the exercise SLUG that do not end alike every time.

    Grades the reference, its variants and the class's submissions again and again: with the seed of each one's own
    attempt, and with fresh ones. What varies with the same seed is not deterministic; what varies with fresh ones has a
    tolerance too tight, or an input too rare. FOLDER is that of the class, as for batch; without it, what the inbox has
    kept is graded, if there is something. Nothing is recorded.

    Exit status: 0 nothing varies; 1 something does, or could not be graded; 2 misuse.

    \b
    Examples:
      python grade.py flaky parameter_norm
      python grade.py flaky parameter_norm submissions/ --runs 20
    """
    assignment = load(course.root, slug)
    trials = _Trials(assignment, runs)
    with contextlib.ExitStack() as stack:
        store = stack.enter_context(contextlib.closing(course.open_store()))
        if folder is None:
            entries = kept_entries(course, store, [slug])
        else:
            entries = class_entries(course, (slug, str(folder)), every=False)
        pool = stack.enter_context(contextlib.closing(course.open_pool([assignment], jobs)))
        intake = stack.enter_context(contextlib.closing(Intake()))
        for name, path in _right_answers(assignment):
            trials.receive(intake, store, path, name, right=True)
        for _, student, path in entries:
            trials.receive(intake, store, path, student, right=False)
        finished = grade_all(pool, trials.jobs(), trials.add, lambda: trials.done, trials.total)
    variations = trials.seen.variations()
    Console().print(render_variations(variations))
    for (who, why), count in trials.broken.items():
        tell(f"{counted(count, 'run')} of {one_line(who)} could not be graded: {first_line(why)}")
    varying = len({one.test for one in variations})
    Console().print(
        f"{counted(trials.seen.tests, 'test')} on {counted(len(trials.seen.submissions), 'submission')}, "
        f"{runs} runs with the same seed and {runs} with fresh ones: {varying or 'none'} "
        f"{'vary' if varying > 1 else 'varies'}.",
        highlight=False,
    )
    if not finished:
        errors.print(f"Stopped after {trials.done} of {trials.total} runs.")
        sys.exit(130)
    sys.exit(1 if variations or trials.broken else 0)


def _right_answers(assignment: Assignment) -> Iterator[tuple[str, Path]]:
    """Yield the reference and its variants, each with a name."""
    yield "the reference", assignment.reference
    for path in variants_of(assignment.reference):
        yield f"variant {path.name}", path
