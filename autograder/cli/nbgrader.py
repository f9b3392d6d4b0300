"""`grade.py nbgrader`: grade an nbgrader course in the sandbox."""

import contextlib
import importlib.util
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.progress import track

from autograder.assemble import Conditions, Job, not_judged
from autograder.assignment import Assignment, load
from autograder.cli.common import Course, course_options, errors, unreadable
from autograder.cli.progress import grade_all
from autograder.errors import SubmissionError, UsageError
from autograder.grading import confined_pool
from autograder.report.terminal import render_class
from autograder.report.text import counted, one_line
from autograder.result import Result
from autograder.submission import Submission

if TYPE_CHECKING:
    from autograder.nbgrader.bench import Bench
    from autograder.nbgrader.cells import Original
    from autograder.nbgrader.convert import Submitted

_folder = click.option(
    "--dir",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
    help="The folder of the nbgrader course. [default: this one]",
)


@click.group("nbgrader")
def nbgrader() -> None:
    """Grade an nbgrader course in the sandbox, with its own gradebook and formgrader.

    \b
    Examples:
      python grade.py nbgrader init --dir nbgrader-course
      python grade.py nbgrader grade parameter_norm --dir nbgrader-course
    """
    if importlib.util.find_spec("nbgrader") is None:
        raise UsageError("nbgrader is not installed here. Install it: pip install 'autograder[nbgrader]'")


@nbgrader.command()
@_folder
@course_options
def init(folder: Path, course: Course) -> None:
    """Have `nbgrader autograde` grade the course's exercises in the sandbox.

    Writes one line into nbgrader_config.py; what stands there is kept. Assignments that are none of our exercises are
    executed by nbgrader as before.

    \b
    Example:
      python grade.py nbgrader init --dir nbgrader-course
    """
    from autograder.nbgrader.config import install

    path, new = install(folder, course.root, course.state)
    what = "was added to" if new else "was in, and is now up to date in"
    errors.print(f"The line {what} {path}.", markup=False, highlight=False, soft_wrap=True)


@nbgrader.command()
@click.argument("slug", metavar="ASSIGNMENT")
@_folder
@course_options
@click.option("--jobs", type=click.IntRange(min=1), default=os.cpu_count() or 1, help="Slots. [default: one a core]")
@click.option("--regrade", is_flag=True, help="Write the grades of unchanged submissions anew too.")
def grade(slug: str, folder: Path, course: Course, jobs: int, regrade: bool) -> None:
    """Grade what was handed in for ASSIGNMENT, in parallel, into the same gradebook that nbgrader uses.

    Afterwards formgrader, `nbgrader generate_feedback` and `nbgrader export` show it as after `nbgrader autograde`.
    Manual grades, comments and late penalties are kept. What was graded before and has not changed is not graded again.

    \b
    Example:
      python grade.py nbgrader grade parameter_norm --dir nbgrader-course
    """
    from autograder.nbgrader.bench import Bench
    from autograder.nbgrader.convert import NbgraderCourse

    if course.practice:
        raise UsageError("A gradebook takes no practice marks: they are not valid. Leave out --practice.")
    assignment = load(course.root, slug)
    there = NbgraderCourse(folder, course.root, course.state)
    with Bench(course.root, course.state) as bench:
        cells, submitted = there.originals(slug), list(there.submitted(slug))
        work = _Work(course, assignment, bench, cells, submitted, set() if regrade else there.graded(slug))
        if not work.submitted:
            raise UsageError(f"Nothing was handed in for {slug} in {folder}. Collect it first: nbgrader collect {slug}")
        finished = work.grade(jobs)
    if not finished:
        errors.print("Stopped. What was graded is kept; the same command does the rest.")
        sys.exit(130)
    results, to_write = work.results, work.to_write
    went_wrong = {student: there.convert(slug, student) for student in _progress(sorted(to_write))}
    failed = {student: why for student, why in went_wrong.items() if why}
    Console().print(render_class(sorted(results, key=lambda result: result.submission.student)))
    errors.print(f"{counted(len(to_write) - len(failed), 'submission')} written into the gradebook.", highlight=False)
    for student, why in failed.items():
        errors.print(f"Not written: {one_line(student)}, because of {why}", markup=False, highlight=False)
    sys.exit(1 if failed or any(result.points is None for result in results) else 0)


@dataclass
class _Work:
    """The submissions to one assignment, and what has become of them."""

    course: Course
    assignment: Assignment
    bench: "Bench"
    originals: "list[Original]"
    submitted: "list[Submitted]"
    graded: set[str]
    """The students whose grades the gradebook has, and keeps where nothing has changed."""
    results: list[Result] = field(default_factory=list)
    to_write: list[str] = field(default_factory=list)
    """The students whose grades the gradebook does not have yet."""

    def grade(self, jobs: int) -> bool:
        """Grade what is new; return whether all of it was done before a Ctrl-C."""
        new = [one for one in self.submitted if self._is_new(one)]
        if not new:
            return True
        slots = min(jobs, len(new))
        with contextlib.closing(confined_pool([self.assignment], self.course.secret(), slots)) as pool:
            done = len(self.results)
            return grade_all(pool, map(self._job, new), self._add, lambda: len(self.results) - done, len(new))

    def _is_new(self, one: "Submitted") -> bool:
        """Must it be graded? What need not be has its result at once."""
        try:
            submission = self._receive(one)
        except SubmissionError as error:
            conditions = Conditions(tier="full", secret_id="", started="")
            nothing = unreadable(one.path, one.student)
            self._settle(one, not_judged(self.assignment, nothing, 1, conditions, error))
            return False
        known = self.bench.known(self.assignment, submission)
        if known is not None:
            self._settle(one, known)
        else:
            self.to_write.append(one.student)
        return known is None

    def _settle(self, one: "Submitted", result: Result) -> None:
        self.results.append(result)
        if one.student not in self.graded or not one.is_written(self.originals, result):
            self.to_write.append(one.student)

    def _receive(self, one: "Submitted") -> Submission:
        return self.bench.receive(self.assignment, one.student, one.archive(self.originals))

    def _job(self, one: "Submitted") -> Job:
        submission = self._receive(one)
        attempt = self.bench.store.attempt_number(self.assignment.slug, one.student, submission.digest)
        return Job(self.assignment, submission, attempt)

    def _add(self, result: Result) -> None:
        self.bench.store.record(result)
        self.results.append(result)


def _progress(students: list[str]) -> Iterator[str]:
    yield from track(students, "[bold]Writing ", console=errors, disable=not errors.is_terminal)
