"""`grade.py export`: grades and results for other systems."""

import contextlib
import importlib.util
import math
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import click
import msgspec

from autograder import scoring
from autograder.assignment import load, slugs
from autograder.cli.common import Course, course_options, errors, tell, write_file
from autograder.course import Course as Rules
from autograder.errors import GraderError, UnknownSlug, UsageError, nearest
from autograder.export import canvas, delimited, gradescope, gradescope_zip, junit, moodle, parquet, prairielearn
from autograder.export.table import Table, grade_table, per_test_table
from autograder.export.wide import Upload, listed
from autograder.gradebook import grades as grades_in_store
from autograder.report.text import counted
from autograder.result import Result
from autograder.scoring import Attempt, Grade

__all__ = ["FORMATS", "export"]

_GRADESCOPE_MINUTES = 10
"""Its default time limit; half of it is enough to start on half a core, and to run hidden tests."""

_BEFORE_LATENESS = ("gradescope", "prairielearn")
"""Formats that get the points before any late policy, because the other system has its own."""


@dataclass(frozen=True)
class _Asked:
    """What was asked for."""

    kind: str
    course: Course
    rules: Rules
    names: tuple[str, ...]
    source: Path | None
    tests: bool
    canvas_ids: dict[str, str]
    key: moodle.Key
    feedback: bool

    def grades(self) -> list[Grade]:
        """Return what counts, from the file or the store."""
        if self.source is not None:
            return _grades_in_file(self.source, self.rules, self.names)
        wanted = [load(self.course.root, slug) for slug in self.names or slugs(self.course.root)]
        with contextlib.closing(self.course.open_store()) as store:
            found = grades_in_store(store, self.rules, wanted)
        if not any(grade.attempt for grade in found):
            raise UsageError(
                f"The store in {self.course.state} holds no valid result of {', '.join(one.slug for one in wanted)}. "
                "Grade first (grade.py batch, grade.py inbox), or name a file of results with --from."
            )
        return found

    def notes(self) -> list[str]:
        """Return what staff should know of the grades, whatever they are written as."""
        lateness_costs = self.rules.deadlines and self.rules.late.percent_per_day and self.kind not in _BEFORE_LATENESS
        if self.source is None or not lateness_costs:
            return []
        return [
            f"{self.source} does not say when submissions came, so lateness takes no points here. "
            "The store knows: leave out --from."
        ]

    def table(self) -> Table:
        """Return a row for each grade, or for each test of one."""
        grades = self.grades()
        return per_test_table(grades) if self.tests else grade_table(grades, self.rules.people)

    def one_result(self) -> Result:
        """Return the only result that was asked for."""
        results = [grade.result for grade in self.grades() if grade.result is not None]
        if len(results) != 1:
            raise UsageError(
                f"A results.json for {self.kind} speaks of one submission, and there are {len(results)} here. "
                "Name one with --from: the file that `grade.py run SLUG PATH --json FILE` writes. The other system "
                "starts a grader for each submission and takes no file for a class; grades of a class are csv, canvas "
                "or moodle."
            )
        return results[0]


def _canvas(asked: _Asked) -> Upload:
    grades = asked.grades()
    known = {grade.slug for grade in grades}
    for slug in asked.canvas_ids:
        if slug not in known:
            raise UnknownSlug(
                f"--canvas-id names {slug!r}, which is not exported.{nearest(slug, known)} Correct it there."
            )
    return canvas.write(grades, asked.rules.people, asked.canvas_ids)


def _moodle(asked: _Asked) -> Upload:
    return moodle.write(asked.grades(), asked.rules.people, asked.key, feedback=asked.feedback)


def _gradescope_zip(asked: _Asked) -> Upload:
    if len(asked.names) != 1 or asked.source is not None:
        raise UsageError(
            "A zip for Gradescope holds one exercise: python grade.py export gradescope-zip SLUG --to FILE"
        )
    assignment = load(asked.course.root, asked.names[0])
    minutes = max(_GRADESCOPE_MINUTES, math.ceil(assignment.limits.total_seconds / 60) + _GRADESCOPE_MINUTES // 2)
    note = (
        f"In Gradescope, give the assignment {assignment.max_points:g} autograder points, its container at least 3 GB "
        f"of memory, and its autograder {minutes} minutes. The zip holds the hidden tests: hand it to nobody else."
    )
    return Upload(gradescope_zip.build(assignment, asked.course.secret()), (note,))


FORMATS: dict[str, Callable[[_Asked], Upload]] = {
    "csv": lambda asked: Upload(delimited.write(asked.table())),
    "parquet": lambda asked: Upload(parquet.write(asked.table())),
    "canvas": _canvas,
    "moodle": _moodle,
    "junit": lambda asked: Upload(junit.write(asked.grades())),
    "gradescope": lambda asked: Upload(gradescope.results(asked.one_result())),
    "gradescope-zip": _gradescope_zip,
    "prairielearn": lambda asked: Upload(prairielearn.results(asked.one_result())),
}
_NBGRADER = "nbgrader"
_ONLY_FOR = {"tests": ("csv", "parquet"), "canvas_ids": ("canvas",), "key": ("moodle",), "feedback": ("moodle",)}


@click.command()
@click.argument("kind", metavar="FORMAT")
@click.argument("names", nargs=-1, metavar="[SLUG]...")
@course_options
@click.option("--to", type=click.Path(path_type=Path), required=True, help="Write this file, or into this gradebook.")
@click.option(
    "--from",
    "source",
    type=click.Path(path_type=Path),
    help="Take results from this file, which --json of run or batch wrote. [default: the course's store]",
)
@click.option("--tests", is_flag=True, help="csv, parquet: a row for each test.")
@click.option(
    "--canvas-id",
    "canvas_ids",
    multiple=True,
    metavar="SLUG=NUMBER",
    help="canvas: the number of the assignment there.",
)
@click.option(
    "--key", type=click.Choice(list(moodle.KEYS)), help="moodle: what it finds students by. [default: idnumber]"
)
@click.option("--feedback", is_flag=True, help="moodle: a column of feedback beside each exercise.")
def export(
    kind: str,
    names: tuple[str, ...],
    course: Course,
    to: Path,
    source: Path | None,
    tests: bool,
    canvas_ids: tuple[str, ...],
    key: moodle.Key | None,
    feedback: bool,
) -> None:
    """Write grades or results for another system, in FORMAT: csv, parquet, canvas, moodle, nbgrader, junit,
    gradescope, gradescope-zip or prairielearn.

    Exports what counts under the rules of course.toml of the exercises SLUG, or of all of them. What is not graded is
    never a 0, and practice marks are never exported.

    \b
    Examples:
      python grade.py export csv --to grades.csv
      python grade.py export canvas parameter_norm --canvas-id parameter_norm=1234 --to canvas.csv
      python grade.py export moodle --key email --feedback --to moodle.csv
      python grade.py export nbgrader --to nbgrader-course/gradebook.db
      python grade.py export junit --from results.json --to junit.xml
      python grade.py export gradescope-zip parameter_norm --to autograder.zip
    """
    known = [*FORMATS, _NBGRADER]
    if kind not in known:
        raise UsageError(f"There is no format {kind!r}.{nearest(kind, known)} There are: {', '.join(known)}.")
    given = {"tests": tests, "canvas_ids": canvas_ids, "key": key, "feedback": feedback}
    for option, formats in _ONLY_FOR.items():
        if given[option] and kind not in formats:
            flag = {"canvas_ids": "canvas-id"}.get(option, option)
            raise UsageError(f"--{flag} is for {' and '.join(formats)}, and means nothing for {kind}. Leave it out.")
    if course.practice:
        raise UsageError("Practice marks are not valid, and no gradebook gets them. Leave out --practice.")
    rules = course.rules(needed=False)
    asked = _Asked(kind, course, rules, names, source, tests, _numbers(canvas_ids), key or "idnumber", feedback)
    if kind == _NBGRADER:
        _write_gradebook(asked, to)
        return
    upload = FORMATS[kind](asked)
    write_file(to, upload.data, "--to")
    for note in (*asked.notes(), *upload.notes):
        tell(note)
    errors.print(f"Export: {to}", markup=False, highlight=False, soft_wrap=True)


def _write_gradebook(asked: _Asked, path: Path) -> None:
    """Write grades into an nbgrader gradebook, which is no file that could be written anew."""
    if importlib.util.find_spec("nbgrader") is None:
        raise UsageError("nbgrader is not installed here. Install it: pip install 'autograder[nbgrader]'")
    from autograder.nbgrader.gradebook import write_grades

    grades = asked.grades()
    assignments = [load(asked.course.root, slug) for slug in sorted({grade.slug for grade in grades})]
    written, owed = write_grades(grades, assignments, asked.rules, f"sqlite:///{path.absolute()}")
    left = f", of which {owed} could not be graded and need a grade by hand" if owed else ""
    errors.print(f"{counted(written, 'grade')} in {path}{left}.", markup=False, highlight=False, soft_wrap=True)


def _numbers(pairs: Sequence[str]) -> dict[str, str]:
    """Read `--canvas-id`."""
    found: dict[str, str] = {}
    for pair in pairs:
        slug, _, number = pair.partition("=")
        if not slug or not number.isascii() or not number.isdigit() or number in found.values():
            raise UsageError(
                f"--canvas-id {pair}: write SLUG=NUMBER, each number once. It is the last part of the address of the "
                "assignment's page in Canvas."
            )
        found[slug] = number
    return found


def _grades_in_file(path: Path, rules: Rules, names: Sequence[str]) -> list[Grade]:
    """Return a grade for each exercise and student that the file has results of; when they came is not known."""
    results = _read(path)
    practice = sorted({result.submission.student for result in results if not result.valid})
    if practice:
        raise UsageError(
            f"{path} holds practice marks of {listed(practice)}: no sandbox held those submissions, so the marks are "
            "not valid. Grade again without --practice."
        )
    known = {result.slug for result in results}
    for slug in names:
        if slug not in known:
            raise UnknownSlug(
                f"{path} has no result of {slug!r}.{nearest(slug, known)} It has: {', '.join(sorted(known))}."
            )
    attempts: defaultdict[tuple[str, str], list[Attempt]] = defaultdict(list)
    for result in sorted(results, key=lambda one: one.attempt):
        if not names or result.slug in names:
            attempts[result.slug, result.submission.student].append(Attempt(result))
    return [scoring.grade(attempts[place], counts=rules.attempts.counts) for place in sorted(attempts)]


def _read(path: Path) -> list[Result]:
    try:
        data = path.read_bytes()
        results = msgspec.json.decode(data, type=list[Result] | Result)
    except OSError as error:
        raise UsageError(
            f"{path} cannot be read: {error.strerror}. Name a file that --json of run or batch wrote."
        ) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise GraderError(
            f"{path} does not hold results: {error}. "
            "It is damaged, or another version wrote it; grade again with --json."
        ) from error
    found = results if isinstance(results, list) else [results]
    if not found:
        raise UsageError(f"{path} holds no result. Name a file that --json of run or batch wrote.")
    return found
