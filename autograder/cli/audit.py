"""`grade.py audit`: prove exercises."""

import contextlib
import os
import sys
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from pathlib import Path

import click
import msgspec
from rich.console import Console

from autograder.assignment import Assignment, load, slugs
from autograder.authoring.findings import Audit
from autograder.authoring.show import render_audit, render_verdict
from autograder.cli.common import Course, errors, grading_options, write_file
from autograder.cli.progress import progress_bar
from autograder.errors import AssignmentError, UnknownSlug, UsageError
from autograder.grading import Pool

_SECRET = b"the inputs of an audit are the same everywhere"
_WIDTH = 100


@dataclass(frozen=True)
class _SameEverywhere(Course):
    """A course with inputs that are no secret, so that an audit finds the same on every machine."""

    def secret(self) -> bytes:
        return _SECRET


@click.command("audit")
@click.argument("names", nargs=-1, metavar="SLUG...")
@grading_options
@click.option("--all", "every", is_flag=True, help="Audit every exercise of the course.")
@click.option("--jobs", type=click.IntRange(min=1), default=os.cpu_count() or 1, help="Slots. [default: one a core]")
@click.option(
    "--seeds",
    type=click.IntRange(min=1),
    default=20,
    show_default=True,
    help="Attempts on which the reference and the variants are graded.",
)
@click.option("--no-generated", is_flag=True, help="Leave out the mutants that the audit makes itself.")
@click.option("--json", "json_file", type=click.Path(dir_okay=False, path_type=Path), help="Write what was found here.")
def audit_command(
    names: tuple[str, ...],
    course: Course,
    every: bool,
    jobs: int,
    seeds: int,
    no_generated: bool,
    json_file: Path | None,
) -> None:
    """Prove the exercises SLUG: that their hidden suites tell right from wrong.

    An exercise is sound when its stub gets no points, its reference and its variants get full marks with any inputs,
    each mutant fails the tests that name it, each hidden test is needed by a mutant, trivial answers pass no test, no
    argument holds the answer, and every small change of the reference is noticed. Each hole is printed with what to do
    about it.

    Exit status: 0 every exercise is sound; 1 there are holes; 2 misuse.

    \b
    Examples:
      python grade.py audit parameter_norm
      python grade.py audit --all --jobs 2 --json audit.json
    """
    if bool(names) == every:
        raise UsageError("Name exercises, or all of them: python grade.py audit SLUG... or --all.")
    course = _SameEverywhere(**vars(course))
    wanted = slugs(course.root) if every else list(dict.fromkeys(names))
    console = Console(width=None if sys.stdout.isatty() else _WIDTH)
    audits: list[Audit] = []
    interrupted = False
    with contextlib.closing(_audits(course, wanted, jobs, seeds, generated=not no_generated)) as found:
        try:
            for one in found:
                console.print(render_audit(one))
                audits.append(one)
        except KeyboardInterrupt:
            interrupted = True
    console.print(render_verdict(audits))
    if json_file is not None:
        write_file(json_file, msgspec.json.format(msgspec.json.encode(audits), indent=1) + b"\n")
    if interrupted:
        errors.print(f"Stopped. {len(audits)} of {len(wanted)} are done.")
        sys.exit(130)
    sys.exit(1 if any(one.holes for one in audits) else 0)


def _audits(
    course: Course, wanted: Sequence[str], jobs: int, seeds: int, *, generated: bool
) -> Generator[Audit, None, None]:
    """Yield the audit of each exercise, first of those that cannot be read."""
    assignments: list[Assignment] = []
    for slug in wanted:
        try:
            assignments.append(load(course.root, slug))
        except UnknownSlug:
            raise
        except AssignmentError as error:
            yield _broken(slug, slug, seeds, error)
    if not assignments:
        return
    with contextlib.closing(course.open_pool(assignments, jobs)) as pool:
        for assignment in assignments:
            yield _audit(pool, assignment, seeds, generated, course.runtimes)


def _broken(slug: str, title: str, seeds: int, error: AssignmentError) -> Audit:
    """Return what is found out about an exercise that cannot be graded at all."""
    return Audit(slug=slug, title=title, seeds=seeds, holes=(str(error),))


def _audit(pool: Pool, assignment: Assignment, seeds: int, generated: bool, runtimes: Path) -> Audit:
    """Audit one exercise, with a bar that shows how far it is."""
    from autograder.authoring.audit import audit

    with progress_bar(assignment.slug) as progress:
        task = progress.add_task("", total=None, last="")

        def expect(answers: int) -> None:
            progress.update(task, total=(progress.tasks[task].total or 0) + answers)

        def done(name: str) -> None:
            progress.update(task, advance=1, last=name)

        try:
            return audit(pool, assignment, seeds, expect, done, generated=generated, runtimes=runtimes)
        except AssignmentError as error:
            return _broken(assignment.slug, assignment.title, seeds, error)
