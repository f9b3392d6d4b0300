"""`grade.py batch`: grade a class."""

import contextlib
import os
import sys
from datetime import datetime
from pathlib import Path

import click
import msgspec
from rich.console import Console

from autograder.assignment import Assignment, load, slugs
from autograder.cli.common import Course, errors, grading_options, misconceptions, write_file
from autograder.cli.progress import ClassWork, grade_all
from autograder.errors import UnknownSlug, UsageError
from autograder.intake import Intake
from autograder.report import html
from autograder.report.terminal import render_class
from autograder.report.text import one_line
from autograder.result import Result
from autograder.roster import load_times
from autograder.submission import find_submissions

__all__ = ["batch", "class_entries"]

_TIMES = "submitted.csv"


@click.command()
@click.argument("where", nargs=-1, required=True, metavar="[SLUG] FOLDER")
@grading_options
@click.option("--all", "every", is_flag=True, help="FOLDER holds a folder of submissions for each slug.")
@click.option("--jobs", type=click.IntRange(min=1), default=os.cpu_count() or 1, help="Slots. [default: one a core]")
@click.option("--report", type=click.Path(file_okay=False, path_type=Path), help="Write HTML pages into this folder.")
@click.option("--json", "json_file", type=click.Path(dir_okay=False, path_type=Path), help="Write all results here.")
@click.option("--regrade", is_flag=True, help="Grade again what is known and unchanged.")
def batch(
    where: tuple[str, ...],
    course: Course,
    every: bool,
    jobs: int,
    report: Path | None,
    json_file: Path | None,
    regrade: bool,
) -> None:
    """Grade a class: every submission in FOLDER to the exercise SLUG.

    FOLDER has one entry for each student: a folder, a Python file, an archive or a notebook. What was graded before
    and has not changed is not graded again. Ctrl-C stops cleanly and keeps what is done. A file submitted.csv in it,
    with the columns student and submitted, says who handed in when, for the late policy of course.toml.

    \b
    Examples:
      python grade.py batch parameter_norm submissions/ --report report --json results.json
      python grade.py batch --all examples/class --jobs 2 --report report
    """
    entries = class_entries(course, where, every)
    assignments = {assignment.slug: assignment for assignment, _, _ in entries}
    handed_in = _submission_times(course, entries)
    with contextlib.ExitStack() as stack:
        pool = stack.enter_context(contextlib.closing(course.open_pool(assignments.values(), min(jobs, len(entries)))))
        intake = stack.enter_context(contextlib.closing(Intake()))
        # Imported while the slots warm up, because it takes a while itself.
        from autograder.gradebook import remember_time

        store = stack.enter_context(contextlib.closing(course.open_store()))

        def settled(result: Result) -> None:
            arrived = handed_in.get((result.slug, result.submission.student))
            if arrived is not None:
                remember_time(store, result, arrived)

        graded = ClassWork(course, store, intake, pool, regrade, entries, settled=settled)
        interrupted = not grade_all(pool, graded.jobs(), graded.add, lambda: len(graded.results), len(entries))
    _hand_over(graded, report, json_file)
    if interrupted:
        errors.print(f"Stopped. {len(graded.results)} of {len(entries)} are done; the same command does the rest.")
        sys.exit(130)
    sys.exit(1 if any(result.points is None for result in graded.results) else 0)


def class_entries(course: Course, where: tuple[str, ...], every: bool) -> list[tuple[Assignment, str, Path]]:
    """Return what is to be graded for whom: `where` is a slug and a folder, or with `every` a folder of folders.

    Raises:
        UsageError: it is neither, or holds no submission.
    """
    if every:
        if len(where) != 1:
            raise UsageError("With --all, name one folder that holds a folder for each slug.")
        folder = Path(where[0])
        if not folder.is_dir():
            raise UsageError(f"There is no folder {folder}. Name one that holds a folder for each slug.")
        places = {path.name: path for path in sorted(folder.iterdir()) if path.is_dir() and path.name[0] not in "._"}
        unknown = sorted(places.keys() - set(slugs(course.root)))
        if unknown:
            raise UnknownSlug(
                f"{folder / unknown[0]} is named after no exercise. They are: {', '.join(slugs(course.root))}."
            )
        if not places:
            raise UsageError(
                f"{folder} holds no folder named after an exercise. They are: {', '.join(slugs(course.root))}."
            )
    else:
        if len(where) != 2:
            raise UsageError("Name an exercise and a folder: python grade.py batch SLUG FOLDER. Or use --all FOLDER.")
        places = {where[0]: Path(where[1])}
    return [
        (assignment, student, path)
        for assignment, folder in [(load(course.root, slug), folder) for slug, folder in places.items()]
        for student, path in find_submissions(folder)
    ]


def _submission_times(course: Course, entries: list[tuple[Assignment, str, Path]]) -> dict[tuple[str, str], datetime]:
    """Read the lists of times that lie in the folders of the classes."""
    zone = course.rules(needed=False).zone
    times: dict[tuple[str, str], datetime] = {}
    for slug, folder in sorted({(assignment.slug, path.parent) for assignment, _, path in entries}):
        if (folder / _TIMES).is_file():
            students = {student for assignment, student, _ in entries if assignment.slug == slug}
            for student, time in load_times(folder / _TIMES, zone).items():
                times[slug, student] = time
                if student not in students:
                    note = f"Note: {folder / _TIMES} names {one_line(student)}, from whom there is nothing."
                    errors.print(note, markup=False, highlight=False)
    return times


def _hand_over(graded: ClassWork, report: Path | None, json_file: Path | None) -> None:
    results = graded.in_order()
    believed = misconceptions(graded.course, results)
    Console().print(render_class(results, believed))
    if graded.unchanged:
        errors.print(f"{graded.unchanged} unchanged since they were last graded; --regrade grades them again.")
    if json_file is not None:
        write_file(
            json_file, msgspec.json.format(msgspec.json.encode(results, order="deterministic"), indent=1) + b"\n"
        )
        errors.print(f"Results: {json_file}", markup=False, highlight=False)
    if report is not None and results:
        errors.print(f"Report:  {html.write(results, report, believed)}", markup=False, highlight=False)
