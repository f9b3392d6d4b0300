"""What a changed suite does to a class: who gets other points, by how much, and through which test.

Points are raw: before the late policy of the course.
"""

import statistics
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import msgspec
from rich import box
from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.table import Table
from rich.text import Text

from autograder.report.text import NOT_GRADED, clipped, counted, number, one_line, visible
from autograder.result import Result, Status, TestResult

__all__ = ["Change", "Changes", "NewTest", "TestChange", "compare", "render_changes"]


class TestChange(msgspec.Struct, frozen=True, kw_only=True):
    """A test that gives one submission other points than it did."""

    __test__ = False  # not a test of pytest's, whatever its name says

    id: str
    title: str
    before: Status | None
    """None: the suite did not have it."""
    after: Status | None
    """None: the suite has it no more."""
    points_before: float | None
    points_after: float | None


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """A submission that gets other points, in all or in one of its tests."""

    student: str
    attempt: int
    digest: str
    points_before: float | None
    """None where it had none, because a test was ungraded."""
    points_after: float
    tests: tuple[TestChange, ...]

    @property
    def difference(self) -> float:
        """By how many points it goes up."""
        return round(self.points_after - (self.points_before or 0.0), 6)


class NewTest(msgspec.Struct, frozen=True, kw_only=True):
    """A test that the suite did not have, and how the class fared in it."""

    id: str
    title: str
    passed: int
    judged: int


class Changes(msgspec.Struct, frozen=True, kw_only=True):
    """What a changed suite does to the submissions to one exercise."""

    slug: str
    title: str
    graded: int
    """Submissions that were graded again, and have points."""
    unchanged: int
    """Those of them with as many points as before."""
    up: int
    down: int
    first: int
    """Those that had no points before."""
    mean_before: float | None
    """Over those that have points before and after; None where there are none."""
    mean_after: float | None
    max_before: tuple[float, ...]
    """What the exercise was worth, one number for each suite that graded it before."""
    max_after: float
    new_tests: tuple[NewTest, ...]
    removed_tests: tuple[str, ...]
    """Their titles."""
    changes: tuple[Change, ...]
    """The largest first."""


def compare(before: Sequence[Result], after: Sequence[Result]) -> Changes:
    """Return what became of the submissions to one exercise, at least one.

    Args:
        before: the result of each submission that counts now.
        after: its new result, in the same order, with points.
    """
    pairs = list(zip(before, after, strict=True))
    known = [(old.points, new.points) for old, new in pairs if old.points is not None and new.points is not None]
    found = [change for old, new in pairs if (change := _change(old, new)) is not None]
    return Changes(
        slug=after[0].slug,
        title=after[0].title,
        graded=len(pairs),
        unchanged=sum(old == new for old, new in known),
        up=sum(old < new for old, new in known),
        down=sum(old > new for old, new in known),
        first=len(pairs) - len(known),
        mean_before=statistics.fmean(old for old, _ in known) if known else None,
        mean_after=statistics.fmean(new for _, new in known) if known else None,
        max_before=tuple(sorted({old.max_points for old in before})),
        max_after=after[0].max_points,
        new_tests=_new_tests(before, after),
        removed_tests=_removed_tests(before, after),
        changes=tuple(sorted(found, key=lambda one: (-abs(one.difference), one.student, one.attempt))),
    )


def _change(old: Result, new: Result) -> Change | None:
    befores, afters = ({test.id: test for test in result.tests} for result in (old, new))
    both = ((befores.get(name), afters.get(name)) for name in afters | befores)
    tests = tuple(one for pair in both if (one := _test_change(*pair)) is not None)
    if new.points is None or (old.points == new.points and not tests):
        return None
    return Change(
        student=new.submission.student,
        attempt=new.attempt,
        digest=new.submission.digest,
        points_before=old.points,
        points_after=new.points,
        tests=tests,
    )


def _test_change(old: TestResult | None, new: TestResult | None) -> TestChange | None:
    """Return what a test changes; nothing where it gives what it gave, counting a test that is missing as 0 points."""
    shown = new or old
    assert shown is not None
    points_before, points_after = (test.points if test else 0.0 for test in (old, new))
    if points_before == points_after:
        return None
    return TestChange(
        id=shown.id,
        title=f"{shown.title} [{shown.device}]" if shown.device else shown.title,
        before=old.status if old else None,
        after=new.status if new else None,
        points_before=points_before,
        points_after=points_after,
    )


def _titles(results: Iterable[Result]) -> dict[str, str]:
    return {test.id: test.title for result in results for test in result.tests}


def _new_tests(before: Sequence[Result], after: Sequence[Result]) -> tuple[NewTest, ...]:
    known, titles = _titles(before), _titles(after)
    if not known:  # nothing was judged before, so nothing is known of its tests
        return ()
    judged = [test for result in after for test in result.tests]
    return tuple(
        NewTest(
            id=name,
            title=title,
            passed=sum(test.id == name and test.status is Status.PASSED for test in judged),
            judged=sum(test.id == name for test in judged),
        )
        for name, title in titles.items()
        if name not in known
    )


def _removed_tests(before: Sequence[Result], after: Sequence[Result]) -> tuple[str, ...]:
    kept = _titles(after)
    return tuple(title for name, title in _titles(before).items() if name not in kept)


def render_changes(changes: Changes) -> RenderableType:
    """Show what a changed suite does: a table of those who change, and what can be counted over all."""
    return _Rendered(changes)


@dataclass(frozen=True)
class _Rendered:
    changes: Changes

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        changes, arrow = self.changes, "->" if options.ascii_only else "→"

        def held(text: str) -> Text:
            return Text(visible(text).encode(options.encoding, "backslashreplace").decode(options.encoding))

        title = held(f"{changes.title} ({changes.slug}): who changes")
        table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD)
        table.add_column("student", overflow="fold", max_width=30)
        table.add_column("points", justify="right", no_wrap=True)
        table.add_column("by", justify="right", no_wrap=True)
        table.add_column("through", ratio=1, min_width=16)
        for change in changes.changes:
            who = clipped(change.student, 48) + (f" (attempt {change.attempt})" if change.attempt != 1 else "")
            points = f"{_points(change.points_before)} {arrow} {number(change.points_after)}"
            through = "\n".join(_through(test, arrow) for test in change.tests)
            table.add_row(held(who), points, f"{change.difference:+g}", held(through))
        if changes.changes:
            yield table
        for sentence in _sentences(changes, arrow):
            yield held(one_line(sentence))
        yield Text()


def _points(points: float | None) -> str:
    return NOT_GRADED if points is None else number(points)


def _through(test: TestChange, arrow: str) -> str:
    before, after = (status.value.replace("_", " ") if status else "" for status in (test.before, test.after))
    if not before:
        how = f"new test, {after}"
    elif not after:
        how = f"no longer a test, was {before}"
    elif before == after:
        how = f"{before}, {_points(test.points_before)} {arrow} {_points(test.points_after)} points"
    else:
        how = f"{before} {arrow} {after}"
    return f"{one_line(test.title).rstrip('.')}: {how}"


def _sentences(changes: Changes, arrow: str) -> Iterator[str]:
    counts = f"{changes.unchanged} unchanged, {changes.up} up, {changes.down} down"
    if changes.first:
        counts += f", {changes.first} with points for the first time"
    if changes.mean_before is not None and changes.mean_after is not None:
        counts += f"; mean {number(changes.mean_before)} {arrow} {number(changes.mean_after)}"
    yield f"{counted(changes.graded, 'submission')}: {counts} of {number(changes.max_after)}."
    if changes.max_before != (changes.max_after,):
        worth = " or ".join(map(number, changes.max_before))
        yield f"The exercise was worth {worth} points, and is worth {number(changes.max_after)} now."
    for test in changes.new_tests:
        yield f'New test: "{test.title.rstrip(".")}", passed by {test.passed} of {test.judged}.'
    for title in changes.removed_tests:
        yield f'No longer a test: "{title.rstrip(".")}".'
    yield "Points are raw, before the late policy."
