"""`grade.py regrade`: what a changed suite does to a class, shown before anything is recorded."""

import contextlib
import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click
import msgspec
from rich.console import Console

from autograder.assemble import Job
from autograder.assignment import Assignment, load, slugs
from autograder.cli.batch import class_entries
from autograder.cli.common import Course, confined_options, errors, tell, write_file
from autograder.cli.progress import ClassWork, grade_all, known_result
from autograder.course import Course as Rules
from autograder.errors import UsageError
from autograder.inbox import kept
from autograder.inbox.clerk import Clerk
from autograder.inbox.folders import open_folders
from autograder.intake import Intake
from autograder.report.changes import Changes, compare, render_changes
from autograder.report.text import counted, first_line, one_line
from autograder.result import Result
from autograder.store import Store

__all__ = ["kept_entries", "regrade"]

_TRIAL = "regrade"
"""Folder in the course's state for results that are not recorded yet."""

Entry = tuple[Assignment, str, Path]
Key = tuple[str, str, str]
"""Exercise, student and digest: what one submission is known by."""


@dataclass
class _Again:
    """Submissions that are graded again, and what has become of them."""

    store: Store
    trial: Store
    work: ClassWork
    before: Mapping[Key, Result]
    """The result that counts of each submission."""
    after: dict[Key, Result] = field(default_factory=dict)
    not_graded: list[Result] = field(default_factory=list)
    """The grader's fault: the old results stay."""
    current: set[Key] = field(default_factory=set)
    """What the suite as it is now has graded."""
    strangers: int = 0
    """How many were never graded."""

    def jobs(self) -> Iterator[Job]:
        """Yield what must be graded. What an earlier run has graded, and not recorded, is not graded again."""
        for job in self.work.jobs():
            key = (job.assignment.slug, job.submission.student, job.submission.digest)
            known = known_result(self.store, job, self.work.pool, valid=True)
            if key not in self.before:
                self.strangers += 1
            elif known is not None and known == self.before[key]:
                self.current.add(key)
            elif known := known or known_result(self.trial, job, self.work.pool, valid=True):
                self.after[key] = known
            else:
                yield job

    def add(self, result: Result) -> None:
        """Keep a new result, apart from those that count."""
        if result.points is None:
            self.not_graded.append(result)
        else:
            self.trial.record(result)
            self.after[_key(result)] = result

    def done(self) -> int:
        """Return how many submissions have been seen to."""
        settled = len(self.after) + len(self.not_graded) + len(self.current) + self.strangers
        return settled + len(self.work.results)

    def changes(self) -> list[Changes]:
        """Compare the new results with those that count, exercise by exercise."""
        found = []
        for slug in sorted({slug for slug, _, _ in self.after}):
            keys = sorted(key for key in self.after if key[0] == slug)
            found.append(compare([self.before[key] for key in keys], [self.after[key] for key in keys]))
        return found

    def owed(self) -> list[dict[str, Any]]:
        """Say of each submission that has no new result why."""
        return [
            {
                "slug": result.slug,
                "student": result.submission.student,
                "why": result.error or f"ungraded: {', '.join(test.title for test in result.ungraded)}",
            }
            for result in [*self.not_graded, *self.work.results]
        ]

    @property
    def complete(self) -> bool:
        """Is there nothing that the grader owes?"""
        return not self.not_graded and all(result.points is not None for result in self.work.results)


@click.command()
@click.argument("where", nargs=-1, metavar="[SLUG] [FOLDER]")
@confined_options
@click.option("--all", "every", is_flag=True, help="Every exercise; FOLDER then holds a folder for each slug.")
@click.option("--jobs", type=click.IntRange(min=1), default=os.cpu_count() or 1, help="Slots. [default: one a core]")
@click.option("--json", "json_file", type=click.Path(dir_okay=False, path_type=Path), help="Write the changes here.")
@click.option("--yes", "--record", "record", is_flag=True, help="Record the new results without asking.")
def regrade(
    where: tuple[str, ...], course: Course, every: bool, jobs: int, json_file: Path | None, record: bool
) -> None:
    """Grade again what was graded for the exercise SLUG, after its suite or its reference has changed.

    Shows who changes, by how much and through which test, then asks whether to record it: until then the old results
    count. With no terminal to ask in, and without --yes, nothing is recorded. FOLDER is the class's, as for batch;
    without it, what the inbox has kept is graded. Each submission keeps its attempt number. Points are shown before
    the late policy. What could not be graded this time keeps its old result.

    \b
    Examples:
      python grade.py regrade parameter_norm
      python grade.py regrade parameter_norm submissions/ --json changes.json
      python grade.py regrade --all --yes
    """
    if course.practice:
        raise UsageError("A regrade takes no practice marks: they are not valid. Leave out --practice.")
    rules = course.rules(needed=False)
    with contextlib.ExitStack() as stack:
        store = stack.enter_context(contextlib.closing(course.open_store()))
        entries = _entries(course, store, where, every)
        assignments = {assignment.slug: assignment for assignment, _, _ in entries}
        before = {_key(result): result for result in store.results(assignments)}
        if not before:
            raise UsageError(f"Nothing has been graded yet for {', '.join(assignments)}. Use grade.py batch or inbox.")
        intake = stack.enter_context(contextlib.closing(Intake()))
        trial = stack.enter_context(contextlib.closing(Store(course.state / _TRIAL)))
        with contextlib.closing(course.open_pool(assignments.values(), min(jobs, len(entries)))) as pool:
            again = _Again(store, trial, ClassWork(course, store, intake, pool, True, entries), before)
            finished = grade_all(pool, again.jobs(), again.add, again.done, len(entries))
        if not finished:
            errors.print(f"Stopped, and nothing is recorded. {again.done()} of {len(entries)} are done and kept apart;")
            errors.print("the same command does the rest.")
            sys.exit(130)
        _show(again, json_file)
        if again.after and (record or _agreed(len(again.after))):
            _record(again, _clerk(course, rules, assignments, store, intake))
    sys.exit(0 if again.complete else 1)


def kept_entries(course: Course, store: Store, names: list[str]) -> list[Entry]:
    """Return what the inbox has kept of these exercises and was graded, each submission once."""
    assignments = {slug: load(course.root, slug) for slug in names}
    found: dict[Key, Entry] = {}
    for one in kept.graded(store, assignments):
        entry = (assignments[one.slug], one.student, kept.place(course.state, one))
        found.setdefault((one.slug, one.student, one.digest), entry)
    return list(found.values())


def _entries(course: Course, store: Store, where: tuple[str, ...], every: bool) -> list[Entry]:
    most = 1 if every else 2
    if len(where) > most or (not where and not every):
        raise UsageError("Name an exercise: python grade.py regrade SLUG [FOLDER]. Or all: regrade --all [FOLDER].")
    if len(where) == most:
        return class_entries(course, where, every)
    names = slugs(course.root) if every else [where[0]]
    found = kept_entries(course, store, names)
    if not found:
        raise UsageError(
            f"The inbox has kept nothing that was graded for {', '.join(names)} in {course.state}. "
            "Name the folder of the class after the exercise."
        )
    return found


def _key(result: Result) -> Key:
    return result.slug, result.submission.student, result.submission.digest


def _show(again: _Again, json_file: Path | None) -> None:
    changes, owed = again.changes(), again.owed()
    for one in changes:
        Console().print(render_changes(one))
    for missing in owed:
        who = f"{one_line(missing['student'])} in {missing['slug']}"
        tell(f"The old result of {who} stays: {first_line(missing['why'])}")
    if again.current:
        tell(f"{counted(len(again.current), 'submission')} graded by this suite already.")
    if again.strangers:
        tell(f"{counted(again.strangers, 'submission')} never graded before; grade.py batch does that.")
    left = len(again.before.keys() - again.after.keys() - again.current - {_key(one) for one in again.not_graded})
    if left:
        tell(f"Untouched: {counted(left, 'result')} of other files than these, such as earlier attempts.")
    if json_file is not None:
        table = {"points": "raw, before the late policy", "exercises": changes, "old_result_stays": owed}
        write_file(json_file, msgspec.json.format(msgspec.json.encode(table), indent=1) + b"\n")
        errors.print(f"Changes: {json_file}", markup=False, highlight=False)


def _agreed(count: int) -> bool:
    """Ask, where there is somebody to ask."""
    if sys.stdin.isatty():
        with contextlib.suppress(click.Abort):
            if click.confirm(f"Record {counted(count, 'new result')}?", default=False, err=True):
                return True
    errors.print("Nothing was recorded. The same command with --yes records this, without grading it again.")
    return False


def _clerk(
    course: Course, rules: Rules, assignments: Mapping[str, Assignment], store: Store, intake: Intake
) -> Clerk | None:
    """Return who tells students of their new results; nobody in a course without an inbox."""
    if rules.inbox is None or rules.feedback is None:
        return None
    return Clerk(rules, open_folders(rules), assignments, (), course.state, store, intake, tell)


def _record(again: _Again, clerk: Clerk | None) -> None:
    """Have the new results count, and publish them to whoever handed in by the inbox."""
    for result in again.after.values():
        again.store.record(result)
    told = 0
    if clerk is not None:
        for one in kept.graded(again.store, {slug for slug, _, _ in again.after}):
            if new := again.after.get((one.slug, one.student, one.digest)):
                clerk.answer(one, new)
                told += 1
    published = f", {told} published to students" if told else ""
    errors.print(f"{counted(len(again.after), 'new result')} recorded{published}.", highlight=False)
