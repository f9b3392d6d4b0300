"""`grade.py pr`: grade what a pull request changes."""

import contextlib
import os
import secrets
import sys
import tempfile
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import click
import msgspec
from rich.console import Console

from autograder.assemble import Job, not_judged
from autograder.assignment import Assignment, load, slugs
from autograder.cli.common import Course, errors, grading_options, unreadable, write_file
from autograder.cli.progress import grade_all
from autograder.errors import SubmissionError, UsageError
from autograder.export import junit
from autograder.github.annotations import MOST, Annotation, annotations, asked_of, command
from autograder.github.changes import Changes, in_archive, in_branch
from autograder.github.git import Repository
from autograder.github.summary import check_run, summary
from autograder.grading import Pool
from autograder.inbox.drop import archived
from autograder.intake import Intake
from autograder.report.terminal import render_result
from autograder.report.text import visible
from autograder.result import Result
from autograder.scoring import Attempt, grade, total
from autograder.submission import source_of

_NOT_MET = 3
_FILE = click.Path(dir_okay=False, path_type=Path)


@dataclass(frozen=True)
class _Graded:
    result: Result
    annotations: list[Annotation]


class _Requirement(click.ParamType[float]):
    """`graded`, `full`, or a percentage of the points."""

    name = "graded|full|PERCENT"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Return the least share of the points, from 0 to 1."""
        known = {"graded": 0.0, "full": 1.0}
        if isinstance(value, float) or value in known:
            return value if isinstance(value, float) else known[str(value)]
        try:
            percent = float(str(value).removesuffix("%"))
        except ValueError:
            percent = -1.0
        if not 0 <= percent <= 100:
            self.fail(f"{value!r} is not graded, full, or a number from 0 to 100.", param, ctx)
        return percent / 100


@click.command()
@grading_options
@click.option("--base", help="The branch or commit that the pull request is to be merged into.")
@click.option("--head", help="The branch or commit that is handed in.")
@click.option(
    "--repo", type=click.Path(path_type=Path), default=Path(), help="The students' repository. [default: this folder]"
)
@click.option(
    "--archive",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="In place of --base and --head: an archive with a folder for each exercise.",
)
@click.option("--student", default="student", show_default=True, help="Who hands in.")
@click.option(
    "--require",
    type=_Requirement(),
    default="graded",
    metavar="graded|full|PERCENT",
    help="What the exit status asks for. [default: graded]",
)
@click.option(
    "--summary",
    "summary_file",
    type=click.Path(path_type=Path),
    envvar="GITHUB_STEP_SUMMARY",
    help="Add Markdown here.",
)
@click.option("--junit", "junit_file", type=click.Path(path_type=Path), help="Write JUnit XML here.")
@click.option("--json", "json_file", type=click.Path(path_type=Path), help="Write all results here.")
@click.option(
    "--check", "check_file", type=click.Path(path_type=Path), help="Write what GitHub's Checks API takes here."
)
@click.option("--head-sha", default="", help="The commit that the check is for. [default: that of --head]")
def pr(
    course: Course,
    base: str | None,
    head: str | None,
    repo: Path,
    archive: Path | None,
    student: str,
    require: float,
    summary_file: Path | None,
    junit_file: Path | None,
    json_file: Path | None,
    check_file: Path | None,
    head_sha: str,
) -> None:
    """Grade the exercises that a pull request changes, and just those.

    Reads the students' repository without checking anything out. In GitHub Actions it also prints annotations, and adds
    to the step's summary.

    Exit status: 0 graded, and what --require asks for is met, or there is nothing to grade; 3 it is not met; 1 the
    grader failed; 2 misuse.

    \b
    Examples:
      python grade.py pr --repo students --base origin/main --head origin/ada/norms
      python grade.py pr --archive submission.zip --student ada --require full --check check.json
    """
    known = slugs(course.root)
    if archive is not None:
        changes, commit = in_archive(archive, known), head_sha
    elif base and head:
        repository = Repository(repo)
        changes, commit = in_branch(repository, base, head, known), head_sha or repository.commit(head)
    else:
        raise UsageError("Name two refs with --base and --head, or an archive with --archive.")
    graded = sorted(_grade(course, changes, student), key=lambda one: one.result.slug)
    results = [one.result for one in graded]
    met = _is_met(results, require)
    found = [annotation for one in graded for annotation in one.annotations]
    _print(results, changes.notes, found)
    if summary_file is not None:
        _add(summary_file, summary(results, changes.notes))
    if junit_file is not None:
        write_file(junit_file, junit.write([grade([Attempt(result)]) for result in results]))
    if json_file is not None:
        write_file(json_file, _formatted(results))
    if check_file is not None:
        write_file(check_file, _formatted(check_run(results, changes.notes, found, commit, met=met)))
    if any(result.points is None for result in results):
        sys.exit(1)
    sys.exit(0 if met else _NOT_MET)


def _grade(course: Course, changes: Changes, student: str) -> Iterator[_Graded]:
    wanted = {slug: load(course.root, slug) for slug in (*changes.files, *changes.refused)}
    if not wanted:
        return
    with contextlib.ExitStack() as stack:
        pool = stack.enter_context(contextlib.closing(course.open_pool(wanted.values(), min(2, len(wanted)))))
        intake = stack.enter_context(contextlib.closing(Intake()))
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="autograder-pr-")))
        for slug, why in changes.refused.items():
            yield _refused(course, pool, wanted[slug], student, SubmissionError(why))
        jobs = []
        answers = {slug: changes.answer(slug, wanted[slug].module) for slug in changes.files}
        for slug, files in answers.items():
            path = folder / f"{slug}.zip"
            path.write_bytes(archived(files))
            try:
                jobs.append(Job(wanted[slug], intake.receive(path, wanted[slug].module, student), 1))
            except SubmissionError as error:
                yield _refused(course, pool, wanted[slug], student, error)
        results: list[Result] = []
        if jobs and not grade_all(pool, jobs, results.append, lambda: len(results), len(jobs)):
            errors.print("Stopped.")
            sys.exit(130)
        sources = {job.assignment.slug: source_of(job.submission, job.assignment.module) for job in jobs}
        for result in results:
            assignment = wanted[result.slug]
            asked = asked_of(path.read_text(encoding="utf-8") for path in sorted(assignment.hidden.glob("*.py")))
            file = _graded_file(assignment, answers[result.slug])
            source = sources[result.slug] if file.endswith(".py") else ""
            yield _Graded(result, annotations(result, source, file, asked))


def _graded_file(assignment: Assignment, files: Collection[str]) -> str:
    """Return the path of what was graded in the students' repository: the module, or the notebook in its place."""
    module = f"{assignment.module}.py"
    notebooks = sorted(name for name in files if name.endswith(".ipynb"))
    return f"{assignment.slug}/{module if module in files or not notebooks else notebooks[0]}"


def _refused(course: Course, pool: Pool, assignment: Assignment, student: str, error: SubmissionError) -> _Graded:
    conditions = course.conditions(pool.tier)
    result = not_judged(assignment, unreadable(Path(assignment.slug), student), 1, conditions, error)
    return _Graded(result, annotations(result, "", f"{assignment.slug}/{assignment.module}.py", {}))


def _is_met(results: Sequence[Result], share: float) -> bool:
    points = total(result.points for result in results)
    return points is not None and points >= share * sum(result.max_points for result in results) - 1e-6


def _print(results: Sequence[Result], notes: Sequence[str], found: Sequence[Annotation]) -> None:
    """Print the results; in GitHub Actions with annotations, and so that a student's text is no command to it."""
    in_actions = os.environ.get("GITHUB_ACTIONS") == "true"
    token = secrets.token_hex(16)
    if in_actions:
        print(f"::stop-commands::{token}")
    console = Console()
    for result in results:
        console.print(render_result(result))
    if not results:
        console.print(
            "This pull request has no answer to an exercise that is new and can be read: there is nothing to grade."
        )
    for note in notes:
        console.print(visible(note), markup=False, highlight=False)
    if in_actions:
        print(f"::{token}::")
        for level in ("error", "warning"):
            for annotation in [one for one in found if one.level == level][:MOST]:
                print(command(annotation))
    sys.stdout.flush()


def _add(path: Path, text: str) -> None:
    """Add to a file that other steps may have begun."""
    try:
        before = path.read_bytes() if path.exists() else b""
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}. Name another file with --summary.") from error
    write_file(path, before + text.encode())


def _formatted(value: object) -> bytes:
    return msgspec.json.format(msgspec.json.encode(value, order="deterministic"), indent=1) + b"\n"
