"""The words of a report: how points, statuses and the text of a submission are written, on a page or in a terminal."""

import re
from collections import Counter
from dataclasses import dataclass

from autograder.result import Result, Status, TestResult

__all__ = [
    "MARKS",
    "NOT_GRADED",
    "Mark",
    "advice",
    "clipped",
    "counted",
    "first_line",
    "flags",
    "meaning",
    "next_step",
    "number",
    "one_line",
    "owed",
    "score",
    "shortened",
    "tally",
    "visible",
    "went_wrong",
]

NOT_GRADED = "not graded yet"

# Controls but newline and tab; bidirectional controls; separators that some programs take for a newline; characters
# without a width, which make two different names look the same; lone surrogates. The joiners U+200C and U+200D stay:
# several scripts, and many family names, are written with them.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)


@dataclass(frozen=True)
class Mark:
    """How a status is drawn where there is room for one character, and named where there is room for two words."""

    symbol: str
    ascii: str
    """The same for a terminal that has ASCII only."""
    letter: str
    """Told apart from those of all other statuses, so that a heat map can be read without its colours."""
    one: str
    """What one test with this status is called: `1 wrong value`."""
    many: str
    tone: str
    """Which colours it has on a page: `good`, `bad`, `fault`, `limit`, `idle` or `ours`."""


MARKS = {
    Status.PASSED: Mark("✓", "+", "✓", "passed", "passed", "good"),
    Status.FAILED: Mark("✗", "x", "✗", "wrong value", "wrong values", "bad"),
    Status.RAISED: Mark("✗", "x", "E", "exception", "exceptions", "fault"),
    Status.TIMED_OUT: Mark("✗", "x", "T", "timeout", "timeouts", "limit"),
    Status.OUT_OF_MEMORY: Mark("✗", "x", "M", "out of memory", "out of memory", "limit"),
    Status.TOO_MUCH_OUTPUT: Mark("✗", "x", "O", "too much output", "too much output", "limit"),
    Status.CRASHED: Mark("✗", "x", "C", "crash", "crashes", "fault"),
    Status.REFUSED: Mark("✗", "x", "R", "refused answer", "refused answers", "fault"),
    Status.WAITING: Mark("…", ".", "…", "waiting", "waiting", "idle"),
    Status.UNGRADED: Mark("?", "?", "?", "ungraded", "ungraded", "ours"),
}


def visible(text: str) -> str:
    """Return `text` with every character that acts without being seen written as its Python escape.

    Newline and tab stay. What comes back can be encoded as UTF-8, moves no cursor and reorders no line. It is not
    escaped for HTML or any other markup.
    """
    return _INVISIBLE.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), text)


def one_line(text: str) -> str:
    """Return `visible(text)` with newlines and tabs escaped too: for a name, which must not start a line of its own."""
    return visible(text).replace("\n", "\\n").replace("\t", "\\t")


def shortened(text: str, characters: int = 4000, lines: int = 60) -> str:
    """Return the beginning of `text`, and how much was left out where that is not nothing."""
    start = "\n".join(text.split("\n", lines)[:lines])[:characters]
    left = len(text) - len(start)
    return f"{start}\n... {left:,} more characters" if left > 0 else start


def clipped(text: str, width: int) -> str:
    """Return `text` on one line of at most `width` characters."""
    line = one_line(text)
    return line if len(line) <= width else f"{line[: width - 3]}..."


def first_line(text: str, width: int = 200) -> str:
    """Return the first line of `text`, clipped."""
    return clipped(text.strip().split("\n")[0], width)


def counted(count: int, noun: str) -> str:
    """Write `1 test`, `2 tests`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def number(value: float) -> str:
    """Write points as people do: `7`, `7.5`, `6.67`."""
    return f"{round(value, 2) + 0.0:.2f}".rstrip("0").rstrip(".")


def score(points: float | None, max_points: float) -> str:
    """Write `7.5 / 10`, or that there are no points yet: None is never written as a number."""
    return NOT_GRADED if points is None else f"{number(points)} / {number(max_points)}"


def meaning(status: Status) -> str:
    """Return the meaning of a status as a sentence."""
    return f"{status.meaning[0].upper()}{status.meaning[1:]}."


def advice(test: TestResult) -> tuple[str, ...]:
    """Return why a test ended as it did and what to look at, as far as either is known, a line each."""
    lines = (("Why", test.cause), ("Hint", test.hint))
    return tuple(f"{word}: {said}" for word, said in lines if said)


def flags(result: Result) -> tuple[str, ...]:
    """Return what staff should know of a result before they use its points, a word or two each."""
    raised = {
        "practice": not result.valid,
        "ungraded": bool(result.ungraded),
        "not loaded": bool(result.error),
        "notes": bool(result.submission.notes),
    }
    return tuple(flag for flag, is_raised in raised.items() if is_raised)


def went_wrong(result: Result) -> str:
    """Say in a few words how a submission fared: `2 wrong values, 1 timeout, 3 waiting`."""
    if result.error:
        return first_line(result.error, 100)
    if not result.tests:
        return "nothing was judged"
    return tally(Counter(test.status for test in result.tests)) or "all tests passed"


def tally(counts: Counter[Status]) -> str:
    """Count what did not pass: `2 wrong values, 1 timeout`; empty where all did."""
    return ", ".join(
        f"{counts[status]} {mark.one if counts[status] == 1 else mark.many}"
        for status, mark in MARKS.items()
        if counts[status] and status is not Status.PASSED
    )


def owed(result: Result) -> str:
    """Say which answer the grader owes, in a sentence; empty where it owes none."""
    count = len(result.ungraded)
    return f"{counted(count, 'test')} could not be graded: the grader's fault, not yours." if count else ""


def next_step(result: Result, again: str = "hand in again") -> str:
    """Tell the student what to do next, in a sentence or two; `again` is what follows once something is mended."""
    if result.error:
        return f"Next: mend this, then {again}."
    if not result.tests:
        return "Nothing was judged. Ask the staff to grade it again."
    settled = (Status.PASSED, Status.WAITING, Status.UNGRADED)
    mendable = [test for test in result.tests if test.status not in settled]
    if not mendable:
        return "There is nothing left for you to do here."
    waiting = [test for test in result.tests if test.status is Status.WAITING]
    # What others wait for comes first, then the earlier task.
    first = min(mendable, key=lambda test: (not any(test.title in other.explanation for other in waiting), test.task))
    step = f'Next: start with "{one_line(first.title).rstrip(".")}", then {again}.'
    return f"{step} {counted(len(waiting), 'test')} not run yet, waiting for others to pass." if waiting else step
