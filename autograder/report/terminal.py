"""Reports in a terminal: one submission explained, or a class in tables.

All text is put in as `rich.text.Text`, never as markup, and written so that the terminal's encoding can hold it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import msgspec
from rich import box
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.padding import Padding
from rich.rule import Rule
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

from autograder.report.summary import NONE_KNOWN, AssignmentSummary, Misconceptions, summaries
from autograder.report.text import (
    MARKS,
    advice,
    clipped,
    counted,
    flags,
    meaning,
    next_step,
    one_line,
    owed,
    score,
    shortened,
    visible,
    went_wrong,
)
from autograder.result import Result, Status, TestResult

__all__ = ["render_check", "render_class", "render_result"]

_BAR = 10
_OUTPUT_LINES = 12
_DETAIL_LINES = 40
_MISTAKES = 3
_STYLES = {"good": "green", "idle": "dim", "ours": "bold reverse"}
_WRONG = "red"


def render_result(result: Result, *, staff: bool = False) -> RenderableType:
    """Explain one submission: a line for each test that passed, what went wrong and a hint for each other.

    `staff` adds the expected and received values, which no student may see.
    """
    return _Explained(result, staff)


def render_check(result: Result, answer: str, then: str) -> RenderableType:
    """Explain how the public tests ended on an answer, to whoever wrote it; `then` is the command that hands it in.

    Public tests hide nothing, so expected values and what the code printed are shown; points there are none.
    """
    return _Checked(result, answer, then)


def render_class(results: Sequence[Result], misconceptions: Misconceptions = NONE_KNOWN) -> RenderableType:
    """Show a class: for each assignment a table of its results by student, and what can be counted over them."""
    if not results:
        return Text("No results yet. Grade a submission first.")
    return Group(*(_Class(summary) for summary in summaries(results, misconceptions)))


@dataclass(frozen=True)
class _Pen:
    """Writes for one terminal: in characters that its encoding has."""

    encoding: str
    plain: bool
    """Only ASCII for what we draw ourselves; true of every encoding that is not a Unicode one."""

    def text(self, text: str, style: str = "") -> Text:
        """Return several lines of anybody's text."""
        held = visible(text).encode(self.encoding, "backslashreplace").decode(self.encoding)
        return Text(held, style=style)

    def line(self, text: str, style: str = "") -> Text:
        """Return one line of anybody's text."""
        return self.text(one_line(text), style)

    def mark(self, status: Status) -> Text:
        mark = MARKS[status]
        return Text(mark.ascii if self.plain else mark.symbol, style=_STYLES.get(mark.tone, _WRONG))

    def quoted(self, text: str, lines: int) -> RenderableType:
        return _Quoted(self.text(shortened(text, lines=lines)), "|" if self.plain else "│")

    def bar(self, points: float | None, max_points: float, width: int = _BAR) -> Text:
        share = points / max_points if points is not None and max_points else 0.0
        full = round(min(max(share, 0.0), 1.0) * width)
        done, left = ("#", ".") if self.plain else ("━", "─")
        return Text.assemble((done * full, "green"), (left * (width - full), "dim"))


@dataclass(frozen=True)
class _Quoted:
    """Somebody else's lines, each with a rule at its left, so that none of them passes for one of ours."""

    text: Text
    rule: str

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        width = max(options.max_width - 2, 1)
        for line in console.render_lines(self.text, options.update_width(width), pad=False):
            yield Segment(f"{self.rule} ", console.get_style("dim"))
            yield from line
            yield Segment.line()


def _pen(options: ConsoleOptions) -> _Pen:
    return _Pen(options.encoding, options.ascii_only)


@dataclass(frozen=True)
class _Explained:
    result: Result
    staff: bool

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        pen, result = _pen(options), self.result
        yield Rule(pen.line(result.title, "bold"), style="dim", characters="-" if pen.plain else "─", align="left")
        yield _header(pen, result)
        for note in result.submission.notes:
            yield pen.line(f"Note: {note}", "dim")
        if result.error:
            yield Text()
            yield pen.text(shortened(result.error), _WRONG)
        for task in result.tasks if result.tests else ():
            yield Text()
            yield _spread(
                pen.line(f"Task {task.number}: {task.title}", "bold"),
                pen.text(score(task.points, task.max_points), "bold"),
            )
            for test in result.tests:
                if test.task == task.number:
                    yield from self._test(pen, test)
        yield Text()
        if result.ungraded:
            yield Text(owed(result), style="bold yellow")
        yield pen.text(next_step(result), "bold")

    def _test(self, pen: _Pen, test: TestResult) -> Iterator[RenderableType]:
        yield _spread(_claim(pen, test), pen.text(score(test.points, test.max_points)))
        if test.status is not Status.PASSED:
            for part in _explanation(pen, test):
                yield Padding(part, (0, 0, 0, 4))
        if self.staff and test.mistake:
            yield Padding(Text(f"Known mistake, for staff: {test.mistake}", style="magenta"), (0, 0, 0, 4))
        if self.staff and test.detail:
            yield Padding(Text("For staff:", style="magenta"), (0, 0, 0, 4))
            yield Padding(pen.quoted(test.detail, _DETAIL_LINES), (0, 0, 0, 4))
        if self.staff and test.output.strip():
            yield Padding(Text("It printed, for staff:", style="magenta"), (0, 0, 0, 4))
            yield Padding(pen.quoted(test.output.rstrip(), _OUTPUT_LINES), (0, 0, 0, 4))


def _header(pen: _Pen, result: Result) -> Text:
    points = pen.line(score(result.points, result.max_points), "bold")
    parts = [pen.line(result.submission.student), Text(f"attempt {result.attempt}"), points]
    header = Text("  ").join(parts)
    if result.points is not None:
        header.append("  ").append_text(pen.bar(result.points, result.max_points))
    if not result.valid:
        header.append("  practice: these marks are not valid", style="bold yellow")
    return header


def _claim(pen: _Pen, test: TestResult) -> RenderableType:
    title = pen.line(test.title if not test.device else f"{test.title} [{test.device}]")
    line = Table.grid(padding=(0, 1, 0, 0))
    line.add_row(Text(" "), pen.mark(test.status), title)
    return line


def _spread(left: RenderableType, right: Text) -> Table:
    """Put `right` at the right end of the first line of `left`."""
    table = Table.grid(expand=True, padding=(0, 0, 0, 2))
    table.add_column(ratio=1)
    table.add_column(justify="right", no_wrap=True)
    table.add_row(left, right)
    return table


def _explanation(pen: _Pen, test: TestResult, shown: Iterable[RenderableType] = ()) -> Iterator[RenderableType]:
    ours = test.status in (Status.WAITING, Status.UNGRADED)
    yield Text(meaning(test.status), style="dim" if ours else _WRONG)
    if test.explanation:
        yield pen.text(shortened(test.explanation))
    yield from shown
    for line in () if ours else advice(test):
        yield pen.text(line, "cyan")


@dataclass(frozen=True)
class _Checked:
    result: Result
    answer: str
    then: str

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        pen, result = _pen(options), self.result
        title = pen.line(f"{result.title}: public tests", "bold")
        yield Rule(title, style="dim", characters="-" if pen.plain else "─", align="left")
        passed = sum(test.status is Status.PASSED for test in result.tests)
        found = Text(f"{passed} of {len(result.tests)} pass", style="bold")
        yield Text("  ").join([pen.line(self.answer), found, pen.bar(passed, len(result.tests))])
        for note in result.submission.notes:
            yield pen.line(f"Note: {note}", "dim")
        if self._all_alike():
            yield Text()
            yield from self._explained(pen, msgspec.structs.replace(result.tests[0], hint=""))
        else:
            yield from self._tasks(pen)
        yield Text()
        if result.ungraded:
            yield Text(owed(result), style="bold yellow")
        yield pen.text(self._next(passed), "bold")

    def _all_alike(self) -> bool:
        """Did one thing, such as a module that cannot be imported, end all of the tests?"""
        run = [test for test in self.result.tests if test.status is not Status.WAITING]
        ends = {(test.status, test.explanation, test.detail) for test in run}
        return len(run) > 1 and len(ends) == 1 and run[0].status not in (Status.PASSED, Status.FAILED)

    def _tasks(self, pen: _Pen) -> Iterator[RenderableType]:
        for task in self.result.tasks:
            tests = [test for test in self.result.tests if test.task == task.number]
            if tests:
                yield Text()
                yield pen.line(f"Task {task.number}: {task.title}", "bold")
            for test in tests:
                yield from self._test(pen, test)

    def _test(self, pen: _Pen, test: TestResult) -> Iterator[RenderableType]:
        yield _claim(pen, test)
        if test.status is not Status.PASSED:
            for part in self._explained(pen, test):
                yield Padding(part, (0, 0, 0, 4))

    def _explained(self, pen: _Pen, test: TestResult) -> Iterator[RenderableType]:
        shown = [pen.quoted(test.detail, _DETAIL_LINES)] if test.detail else []
        if test.output.strip():
            shown += [Text("It printed:"), pen.quoted(test.output.rstrip(), _OUTPUT_LINES)]
        if test.status is Status.UNGRADED:
            yield from [Text("The grader's fault, not yours.", style="dim"), *shown]
        else:
            yield from _explanation(pen, test, shown)

    def _next(self, passed: int) -> str:
        count = len(self.result.tests)
        if passed == count:
            return (
                f"All {count} public tests pass. The hidden tests look further: try cases of your own, then hand in "
                f"with `{self.then}`."
            )
        if {test.status for test in self.result.tests} <= {Status.PASSED, Status.UNGRADED}:
            return "Check again; if it says the same, show it to your teachers."
        if self._all_alike():
            return f"This ended all {count} public tests. Next: mend it, then check again."
        return next_step(self.result, "check again")


@dataclass(frozen=True)
class _Class:
    summary: AssignmentSummary

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        pen, summary = _pen(options), self.summary
        title = pen.line(f"{summary.title} ({summary.slug})", "bold")
        table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD)
        table.add_column("student", overflow="fold", max_width=30)
        table.add_column("points", justify="right")
        table.add_column(Text(), no_wrap=True)
        table.add_column("what went wrong", ratio=1, min_width=16)
        for result in summary.results:
            table.add_row(*self._row(pen, result))
        yield table
        for sentence in self._sentences():
            yield pen.line(sentence)
        yield Text()

    def _row(self, pen: _Pen, result: Result) -> tuple[Text, Text, Text, Text]:
        student = pen.line(clipped(result.submission.student, 48))
        if result.attempt != 1:
            student.append(f" (attempt {result.attempt})", style="dim")
        return (
            student,
            pen.text(score(result.points, result.max_points)),
            Text() if result.points is None else pen.bar(result.points, result.max_points),
            Text.assemble(*((f"[{flag}] ", "bold yellow") for flag in flags(result)), pen.line(went_wrong(result))),
        )

    def _sentences(self) -> Iterator[str]:
        summary = self.summary
        yield (
            f"{counted(len(summary.results), 'submission')}, mean {summary.mean}, median {summary.median}, "
            f"{summary.full_marks} with full marks."
        )
        if summary.not_graded:
            yield f"{summary.not_graded} not graded yet; they are in no mean."
        if summary.ungraded_tests:
            yield f"{counted(summary.ungraded_tests, 'test')} ungraded: the grader's fault. Grade those again."
        if summary.practice:
            yield f"{summary.practice} graded in practice mode: those marks are not valid."
        judged = [test for test in summary.tests if test.judged]
        hard = min(judged, key=lambda test: test.passed / test.judged, default=None)
        if hard and hard.passed < hard.judged:
            yield f'Hardest: "{hard.title.rstrip(".")}", passed by {hard.passed} of {hard.judged}.'
        if summary.mistakes:
            yield "Most frequent misconceptions:" if len(summary.mistakes) > 1 else "Misconception:"
        for mistake in summary.mistakes[:_MISTAKES]:
            yield f"  {counted(len(mistake.students), 'student')}: {mistake.misconception}"
