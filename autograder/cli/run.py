"""`grade.py run`: grade one submission and explain it."""

import contextlib
import sys
from pathlib import Path

import click
from rich.console import Console
from rich.text import Text

from autograder.assemble import Job, not_judged
from autograder.assignment import Assignment, load
from autograder.cli.common import Course, errors, grading_options, unreadable, write_file
from autograder.errors import SubmissionError, UsageError
from autograder.intake import Intake
from autograder.report.terminal import render_result
from autograder.report.text import visible
from autograder.result import Result, to_json


@click.command()
@click.argument("slug")
@click.argument("path", type=click.Path(path_type=Path))
@grading_options
@click.option("--staff", is_flag=True, help="Show expected and received values too.")
@click.option("--attempt", type=click.IntRange(min=1), default=1, show_default=True, help="Draw this attempt's inputs.")
@click.option("--json", "json_file", type=click.Path(dir_okay=False, path_type=Path), help="Write the result here.")
def run(slug: str, path: Path, course: Course, staff: bool, attempt: int, json_file: Path | None) -> None:
    """Grade one submission of the exercise SLUG and explain the result.

    PATH is a folder, a Python file, a zip or tar archive, or a notebook. Nothing is recorded.

    \b
    Examples:
      python grade.py run parameter_norm examples/class/parameter_norm/ada
      python grade.py run precision_recall_auc dora.ipynb --staff
    """
    assignment = load(course.root, slug)
    if not path.exists():
        raise UsageError(f"There is no file or folder {path}. Name a submission: a folder, a file or an archive.")
    result = grade_path(course, assignment, path, attempt)
    Console().print(render_result(result, staff=staff))
    if json_file is not None:
        write_file(json_file, to_json(result) + b"\n")
    sys.exit(1 if result.points is None else 0)


def grade_path(course: Course, assignment: Assignment, path: Path, attempt: int) -> Result:
    """Grade what lies at `path`, and record nothing.

    Raises:
        SandboxUnavailable: nothing can confine it here.
        AssignmentError: the hidden suite or the reference is broken.
    """
    with contextlib.closing(course.open_pool([assignment], slots=1)) as pool:
        try:
            with contextlib.closing(Intake()) as intake:
                submission = intake.receive(path, assignment.module)
        except SubmissionError as error:
            conditions = course.conditions(pool.tier)
            return not_judged(assignment, unreadable(path), attempt, conditions, error)
        with errors.status(Text(f"Grading {visible(submission.student)} …")):
            return next(pool.grade_many([Job(assignment, submission, attempt)]))
