"""What a pull request is told in Markdown, and as a check on its commit."""

import html
import re
from collections.abc import Sequence
from typing import Any

from autograder.github.annotations import Annotation, payload
from autograder.report.text import MARKS, advice, clipped, meaning, next_step, number, one_line, owed, score, visible
from autograder.result import Result, Status, TestResult
from autograder.scoring import total

__all__ = ["check_run", "headline", "summary"]

_MOST_ANNOTATIONS = 50
_CHECK_BYTES = 60_000
_SUMMARY_BYTES = 1_000_000
_ACTIVE = re.compile(r"([\\`*_\[\]|~]|^[-+#]|(?<=^\d)\.|:(?=//))")
_LINKED = re.compile(r"@(?=\w)|#(?=\d)|GH(?=-\d)|www(?=\.)", re.IGNORECASE)
_TITLE = 200
_CUT = "… and more. The whole is in the result file of this run.\n"


def headline(results: Sequence[Result]) -> str:
    """Say in one line what a pull request is worth."""
    if not results:
        return "Nothing to grade"
    return score(total(result.points for result in results), sum(result.max_points for result in results))


def summary(results: Sequence[Result], notes: Sequence[str], most: int = _SUMMARY_BYTES) -> str:
    """Return the Markdown of a step's summary, cut where it would be longer than `most` bytes."""
    parts = [f"## {headline(results)}"]
    if not results:
        parts.append("This pull request has no answer to an exercise that is new and can be read.")
    if notes:
        parts.append("\n".join(f"- {_plain(note)}" for note in notes))
    parts += [part for result in results for part in _exercise(result)]
    room = most - len(_CUT.encode())
    kept: list[str] = []
    for part in parts:
        room -= len(part.encode()) + 2
        if room < 0:
            return "\n\n".join([*kept, _CUT])
        kept.append(part)
    return "\n\n".join(kept) + "\n"


def check_run(
    results: Sequence[Result], notes: Sequence[str], found: Sequence[Annotation], head: str, *, met: bool
) -> dict[str, Any]:
    """Return what the Checks API takes to publish a completed check on the commit `head`.

    `met` says whether the work is as good as the course requires. What could not be graded concludes as neutral.
    """
    ungraded = any(result.points is None for result in results)
    return {
        "name": "Grade",
        "head_sha": head,
        "status": "completed",
        "conclusion": "neutral" if ungraded or not results else "success" if met else "failure",
        "output": {
            "title": headline(results),
            "summary": summary(results, notes, _CHECK_BYTES),
            "annotations": payload(found[:_MOST_ANNOTATIONS]),
        },
    }


def _exercise(result: Result) -> list[str]:
    parts = [f"### {_plain(result.title)}: {score(result.points, result.max_points)}"]
    if not result.valid:
        parts.append("**Practice: these marks are not valid.**")
    if result.error:
        parts.append(_fenced(result.error))
    if result.tests:
        rows = [f"| {_mark(test)} | {_plain(clipped(test.title, _TITLE))} | {_points(test)} |" for test in result.tests]
        parts.append("\n".join(["| | test | points |", "|---|---|---:|", *rows]))
    parts += [_explained(test) for test in result.tests if test.status not in (Status.PASSED, Status.WAITING)]
    parts += [f"- {_plain(note)}" for note in result.submission.notes]
    if result.ungraded:
        parts.append(f"**{_plain(owed(result))}**")
    return [*parts, _plain(next_step(result))]


def _explained(test: TestResult) -> str:
    title = _html(clipped(test.title, _TITLE))
    more = "".join(f"\n\n{_plain(line)}" for line in advice(test))
    said = test.explanation or meaning(test.status)
    return f"<details><summary>{title}</summary>\n\n{_fenced(said)}{more}\n\n</details>"


def _mark(test: TestResult) -> str:
    return MARKS[test.status].symbol


def _points(test: TestResult) -> str:
    return "" if test.points is None else f"{number(test.points)} / {number(test.max_points)}"


def _fenced(text: str) -> str:
    """Return text as a block of code, behind a fence that is longer than any in it."""
    shown = visible(text)
    longest = max((len(run) for run in re.findall(r"`+", shown)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}text\n{shown}\n{fence}"


def _plain(text: str) -> str:
    """Return text on one line in which nothing is Markdown, HTML, a mention, a reference or a link."""
    return _html(_ACTIVE.sub(r"\\\1", one_line(text)))


def _html(text: str) -> str:
    """Return text on one line in which nothing is HTML, a mention, a reference or a link."""
    # GitHub looks for the last three once more in what the Markdown became, so a backslash would not do.
    return _LINKED.sub("\\g<0>\u200b", html.escape(one_line(text), quote=False))
