"""A class is graded under a progress bar, which Ctrl-C stops cleanly."""

from collections.abc import Callable, Iterable

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from autograder.assemble import Job
from autograder.cli.common import errors
from autograder.grading import Pool
from autograder.report.text import one_line
from autograder.result import Result

__all__ = ["grade_all"]


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
    columns = [
        TextColumn("[bold]Grading"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
        TextColumn("{task.fields[last]}", markup=False),
    ]
    try:
        with Progress(*columns, console=errors, disable=not errors.is_terminal) as progress:
            task = progress.add_task("", total=total, last="")
            for result in pool.grade_many(jobs):
                add(result)
                progress.update(task, completed=done(), last=one_line(result.submission.student))
            progress.update(task, completed=done(), last="")
    except KeyboardInterrupt:
        return False
    return True
