"""`grade.py nbgrader`: grade an nbgrader course in the sandbox."""

import contextlib
import importlib.util
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import click
from rich.console import Console
from rich.progress import track

from autograder.assignment import load
from autograder.cli.common import Course, confined_options, course_options, errors, misconceptions
from autograder.cli.progress import ClassWork, grade_all
from autograder.errors import UsageError
from autograder.intake import Intake
from autograder.report.terminal import render_class
from autograder.report.text import counted, one_line

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
@confined_options
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
    from autograder.nbgrader.convert import NbgraderCourse

    if course.practice:
        raise UsageError("A gradebook takes no practice marks: they are not valid. Leave out --practice.")
    assignment = load(course.root, slug)
    there = NbgraderCourse(folder, course.root, course.state)
    cells, submitted = there.originals(slug), {one.student: one for one in there.submitted(slug)}
    if not submitted:
        raise UsageError(f"Nothing was handed in for {slug} in {folder}. Collect it first: nbgrader collect {slug}")
    people = course.rules(needed=False).people
    with contextlib.ExitStack() as stack:
        pool = stack.enter_context(contextlib.closing(course.open_pool([assignment], min(jobs, len(submitted)))))
        intake = stack.enter_context(contextlib.closing(Intake()))
        store = stack.enter_context(contextlib.closing(course.open_store()))
        packed = (
            Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="autograder-nbgrader-"))) / "submission.zip"
        )
        entries = ((assignment, one.student, one.pack(packed, cells)) for one in submitted.values())
        graded = ClassWork(course, store, intake, pool, regrade=False, entries=entries)
        finished = grade_all(pool, graded.jobs(), graded.add, lambda: len(graded.results), len(submitted))
    if not finished:
        errors.print("Stopped. What was graded is kept; the same command does the rest.")
        sys.exit(130)
    results = graded.in_order()
    kept = set() if regrade else there.graded(slug)
    by_student = {result.submission.student: result for result in results}
    to_write = [
        student
        for student, result in by_student.items()
        if student not in kept or not submitted[student].is_written(cells, result)
    ]
    went_wrong = {student: there.convert(slug, student) for student in _progress(to_write)}
    there.name_students(people)
    failed = {student: why for student, why in went_wrong.items() if why}
    Console().print(render_class(results, misconceptions(course, results)))
    errors.print(f"{counted(len(to_write) - len(failed), 'submission')} written into the gradebook.", highlight=False)
    for student, why in failed.items():
        errors.print(f"Not written: {one_line(student)}, because of {why}", markup=False, highlight=False)
    sys.exit(1 if failed or any(result.points is None for result in results) else 0)


def _progress(students: list[str]) -> Iterator[str]:
    yield from track(students, "[bold]Writing ", console=errors, disable=not errors.is_terminal)
