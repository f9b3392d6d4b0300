"""`grade.py inbox`: grade what students have handed in, and publish their feedback."""

import contextlib
import os
import signal
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import click
import msgspec
from rich.console import Console

from autograder.assemble import Job
from autograder.assignment import Assignment, load, slugs
from autograder.cli.common import Course, confined_options, errors, misconceptions, tell
from autograder.cli.progress import ClassWork, grade_all
from autograder.course import Course as Rules
from autograder.errors import CourseError, UsageError
from autograder.grading import Pool
from autograder.inbox.clerk import Clerk
from autograder.inbox.folders import open_folders
from autograder.inbox.lock import alone
from autograder.inbox.plan import Outcome
from autograder.intake import Intake
from autograder.report.terminal import render_class
from autograder.report.text import counted
from autograder.result import Result
from autograder.store import Received, Store

_WATCH_SECONDS = 5.0


@dataclass
class _Run:
    """One run over an inbox."""

    course: Course
    rules: Rules
    assignments: dict[str, Assignment]
    clerk: Clerk
    store: Store
    intake: Intake
    jobs: int
    wait: bool
    watch: bool
    pool: Pool | None = None
    complete: bool = True
    """Was everything graded that was to be?"""

    def once(self) -> bool:
        """Take what is new and grade what is to be graded; return False where Ctrl-C stopped it.

        Each student has their turn: some of everybody's work is taken and graded, and then some more.
        """
        results: list[Result] = []
        self._read_rules()
        self.clerk.begin(self.rules)
        more = finished = True
        while more and finished:
            more = self.clerk.take()
            found = self.clerk.to_grade(datetime.now(UTC), wait=self.wait)
            if found:
                more = True
                finished = self._grade(found, results)
        if results:
            ordered = sorted(results, key=lambda one: (one.slug, one.submission.student))
            Console().print(render_class(ordered, misconceptions(self.course, ordered)))
        return finished

    def _read_rules(self) -> None:
        """Take the rules as they are now; those of the last time where they have just been broken."""
        try:
            found = self.course.rules()
        except CourseError as error:
            self.clerk.tell_staff(f"{error} Until then the rules are those of before.")
            return
        folders = {"inbox": self.rules.inbox, "feedback": self.rules.feedback}
        self.rules = msgspec.structs.replace(found, **folders)
        if self.rules != found:
            self.clerk.tell_staff("course.toml names another inbox or feedback folder now. Start this again for that.")

    def _grade(self, found: list[Received], results: list[Result]) -> bool:
        """Grade what came in, and add its results; return False where Ctrl-C stopped it."""
        if self.pool is None:
            slots = self.jobs if self.watch else min(self.jobs, len(found))
            self.pool = self.course.open_pool(self.assignments.values(), slots)
        handed_in: defaultdict[tuple[str, str, str], list[Received]] = defaultdict(list)
        for one in found:
            handed_in[one.slug, one.student, one.digest].append(one)
        firsts = [same[0] for same in handed_in.values()]
        entries = [(self.assignments[one.slug], one.student, self.clerk.path(one)) for one in firsts]

        def settled(result: Result) -> None:
            self.complete &= result.points is not None
            results.append(result)
            for one in handed_in.pop((result.slug, result.submission.student, result.submission.digest), []):
                self.clerk.answer(one, result)

        def expected() -> Iterator[Job]:
            """Yield the work that is still what was recorded when it came."""
            for job in work.jobs():
                if (job.assignment.slug, job.submission.student, job.submission.digest) in handed_in:
                    yield job

        work = ClassWork(self.course, self.store, self.intake, self.pool, False, entries, settled=settled)
        finished = grade_all(self.pool, expected(), work.add, lambda: len(work.results), len(entries))
        if finished:
            # The same files may lie elsewhere too: those are tried next.
            self._miss([same[0] for same in handed_in.values()])
        return finished

    def _miss(self, gone: list[Received]) -> None:
        """Tell staff of work that is not what was recorded when it came, or can be read no more."""
        for one in gone:
            self.complete = False
            path = self.clerk.path(one)
            what = f"{path} is no longer what {one.student} handed in, or cannot be read: it was not graded."
            self.clerk.owe(one, f"{what} Restore it from a backup, and run this again.")

    def close(self) -> None:
        """End the slots."""
        if self.pool is not None:
            self.pool.close()


@click.command()
@click.argument("names", nargs=-1, metavar="[SLUG]...")
@confined_options
@click.option("--watch", is_flag=True, help="Go on: look again every few seconds, until Ctrl-C.")
@click.option("--no-wait", "wait", flag_value=False, default=True, help="Grade what waits for its cool-down too.")
@click.option("--jobs", type=click.IntRange(min=1), default=os.cpu_count() or 1, help="Slots. [default: one a core]")
def inbox(names: tuple[str, ...], course: Course, watch: bool, wait: bool, jobs: int) -> None:
    """Grade what students have handed in, and publish feedback that each of them alone can read.

    Takes everything new out of the inbox that course.toml names, for the exercises SLUG, or for all of them. Killed or
    stopped at any moment, nothing is lost: the same command goes on.

    \b
    Examples:
      python grade.py inbox
      python grade.py inbox parameter_norm --no-wait
      python grade.py inbox --watch
    """
    if course.practice:
        raise UsageError(
            "The inbox is never graded without a sandbox: anybody may write into it. Leave out --practice."
        )
    if watch:
        # Services are stopped by this signal; it is a Ctrl-C by another name.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
    rules = course.rules()
    assignments = {slug: load(course.root, slug) for slug in names or slugs(course.root)}
    with contextlib.ExitStack() as stack:
        folders = open_folders(rules)
        stack.enter_context(alone(course.state, folders[0]))
        store = stack.enter_context(contextlib.closing(course.open_store()))
        intake = stack.enter_context(contextlib.closing(Intake()))
        others = set(slugs(course.root)) - assignments.keys()
        clerk = Clerk(rules, folders, assignments, others, course.state, store, intake, tell)
        run = _Run(course, rules, assignments, clerk, store, intake, jobs, wait, watch)
        stack.callback(run.close)
        try:
            stopped = not run.once()
            if watch:
                errors.print(f"Watching {rules.inbox}. Ctrl-C stops.", markup=False, highlight=False, soft_wrap=True)
            while watch and not stopped:
                time.sleep(_WATCH_SECONDS)
                stopped = not run.once()
        except KeyboardInterrupt:
            stopped = True
        if not stopped:
            _sum_up(clerk)
    if stopped:
        errors.print("Stopped. Nothing is lost: the same command goes on.")
        sys.exit(0 if watch else 130)
    sys.exit(0 if run.complete else 1)


def _sum_up(clerk: Clerk) -> None:
    """Say what this run has done; students are told more."""
    words = {Outcome.CLOSED: "closed", Outcome.TOO_MANY: "one attempt too many", Outcome.REFUSED: "not readable"}
    turned_away = {word: clerk.settled[outcome] for outcome, word in words.items() if clerk.settled[outcome]}
    if clerk.taken or clerk.settled:
        line = f"{clerk.taken} came in, {clerk.settled[Outcome.GRADED]} graded"
        if turned_away:
            line += f", {sum(turned_away.values())} not to be graded ({', '.join(turned_away)})"
        errors.print(f"{line}.", highlight=False)
    elif not clerk.waiting():
        errors.print("Nothing new in the inbox.")
    waiting = clerk.waiting()
    if waiting:
        verb = "waits" if waiting == 1 else "wait"
        errors.print(f"{counted(waiting, 'submission')} {verb} for the cool-down to end; --no-wait grades them now.")
