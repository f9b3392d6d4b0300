"""A class is graded: what is known is not graded again, and Ctrl-C stops the rest cleanly."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from autograder.assemble import SIMULATED, Job, not_judged
from autograder.assignment import Assignment
from autograder.cli.common import Course, errors, unreadable
from autograder.errors import SubmissionError
from autograder.grading import Pool
from autograder.intake import Intake
from autograder.report.text import one_line
from autograder.result import Result

if TYPE_CHECKING:
    from autograder.store import Store

__all__ = ["ClassWork", "grade_all", "known_result", "progress_bar"]


@dataclass
class ClassWork:
    """The submissions of a class, and what has become of them."""

    course: Course
    store: "Store"
    intake: Intake
    pool: Pool
    regrade: bool
    entries: Iterable[tuple[Assignment, str, Path]]
    """What is graded for whom; each path is read before the next is taken."""
    settled: Callable[[Result], None] = lambda result: None
    """Is given each result once it is recorded, the known ones too."""
    results: list[Result] = field(default_factory=list)
    unchanged: int = 0
    _begun: dict[tuple[str, str], dict[str, int]] = field(default_factory=dict)

    def jobs(self) -> Iterator[Job]:
        """Yield what must be graded; what is known or cannot be loaded goes to `results` on the way."""
        for assignment, student, path in self.entries:
            try:
                submission = self.intake.receive(path, assignment.module, student)
            except SubmissionError as error:
                conditions = self.course.conditions(self.pool.tier)
                self._settle(not_judged(assignment, unreadable(path, student), 1, conditions, error))
                continue
            job = Job(assignment, submission, self._attempt(assignment.slug, student, submission.digest))
            known = None if self.regrade else known_result(self.store, job, self.pool, valid=not self.course.practice)
            if known is not None:
                self.unchanged += 1
                self._settle(known)
                continue
            yield job

    def _attempt(self, slug: str, student: str, digest: str) -> int:
        """Return the number of an attempt, which is of no other one that this run has begun."""
        begun = self._begun.setdefault((slug, student), {})
        if digest not in begun:
            known = self.store.attempt_number(slug, student, digest)
            begun[digest] = known if known not in begun.values() else max(begun.values()) + 1
        return begun[digest]

    def add(self, result: Result) -> None:
        """Record a result that a slot has made."""
        self.store.record(result)
        self._settle(result)

    def in_order(self) -> list[Result]:
        """Return the results so far, by exercise and student."""
        return sorted(self.results, key=lambda result: (result.slug, result.submission.student))

    def _settle(self, result: Result) -> None:
        self.results.append(result)
        self.settled(result)


def known_result(store: "Store", job: Job, pool: Pool, *, valid: bool) -> Result | None:
    """Return the complete result that a store has of a job under the suite as it is now, if there is one.

    What was graded on a simulated GPU is graded again where there is one; and not the other way round.
    """
    found = store.find(job.assignment, job.submission.student, job.submission.digest, valid=valid)
    return None if found is not None and SIMULATED in found.environment.devices and pool.has_gpu else found


def progress_bar(verb: str) -> Progress:
    """Return a bar for the terminal, and for no pipe; its tasks have a field `last`, the name of what is done."""
    columns = [
        TextColumn(f"[bold]{verb}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
        TextColumn("{task.fields[last]}", markup=False),
    ]
    return Progress(*columns, console=errors, disable=not errors.is_terminal)


def grade_all(
    pool: Pool, jobs: Iterable[Job], add: Callable[[Result], None], done: Callable[[], int], total: int
) -> bool:
    """Grade `jobs` and give each result to `add`; return False where Ctrl-C stopped it.

    Args:
        pool: the slots.
        jobs: what to grade. What needs no grading may be settled on the way, by whoever makes them.
        add: is given each result as it comes.
        done: says how many of `total` are settled, with those that needed no grading.
        total: how many there are to settle.
    """
    try:
        with progress_bar("Grading") as progress:
            task = progress.add_task("", total=total, last="")
            for result in pool.grade_many(jobs):
                add(result)
                progress.update(task, completed=done(), last=one_line(result.submission.student))
            progress.update(task, completed=done(), last="")
    except KeyboardInterrupt:
        return False
    return True
