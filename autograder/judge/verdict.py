"""How a hidden test ends when it does not pass, apart from the exits of a worker (`autograder.sandbox.base.Exit`).

Verdict
├── Mismatch       a value is not what the test claims                  failed
├── Raised         the student's code raised an exception               raised, or out_of_memory
└── NotPlain       what it returned cannot be sent as plain data        refused, or too_much_output
"""

import re
from collections.abc import Sequence

from autograder.judge.diagnosis import cause_of_exception
from autograder.result import Status

__all__ = ["Mismatch", "NotPlain", "Raised", "Verdict", "told"]

_TOLD = 200
"""Most characters of an exception that a student is told."""
_NO_MEMORY = ("can't allocate memory", "cannot allocate memory")
_TYPES = re.compile(
    r"(\b(?:u?int|b?float|complex)(?:2|4|8|16|32|64|128)\b|\bfloat8_e(?:4m3|5m2)(?:fn)?(?:uz)?\b|\butf-8\b)"
)
_RUNS = re.compile(r"…(?:[.,]?…)*")
_NO_NETWORK = ("URL fetch failure", "NameResolutionError", "Name or service not known", "Temporary failure in name")
_NO_GPU = ("to enable GPU usage", "Specified GPU device", "platforms that are instances of gpu")
_ADVICE = (
    (_NO_NETWORK, "There is no network where answers run, so nothing can be downloaded: use what the task gives."),
    (_NO_GPU, "There is no GPU for this framework where answers run: compute on the CPU, which is the default."),
)
"""What is told beside a message in which one of some phrases stands."""
_STACK = "[CALL STACK]"
"""What CNTK's messages have after their words: addresses."""
_OUT_OF_MEMORY = ("MemoryError", "OutOfMemoryError", "_ArrayMemoryError")


class Verdict(Exception):
    """The end of a hidden test; the message is for the student."""

    def __init__(self, status: Status, explanation: str, detail: str = "", cause: str = "") -> None:
        """`explanation` and `cause` hold no hidden input and no expected value; `detail` may, and is for staff."""
        super().__init__(explanation)
        self.status = status
        self.explanation = explanation
        self.detail = detail
        self.cause = cause


class Mismatch(Verdict, AssertionError):
    """A value is not what the test claims."""

    def __init__(self, explanation: str, detail: str = "", cause: str = "") -> None:
        super().__init__(Status.FAILED, explanation, detail, cause)


class Raised(Verdict):
    """The student's code raised an exception."""

    def __init__(
        self, subject: str, type_name: str, message: str, lines: Sequence[str], *, blind: bool = False
    ) -> None:
        """`lines` are the student's own lines on the way to it.

        With `blind` the code has not seen a hidden input, so that its message is told as it is. Otherwise the
        message may hold one: the student reads it without numbers and cut short, and `detail` has the whole.
        """
        self.type_name = type_name
        memory = type_name in _OUT_OF_MEMORY or any(phrase in message.lower() for phrase in _NO_MEMORY)
        kind = "ran out of memory" if memory else "raised"
        where = "".join(f"\n  at {line}" for line in lines)
        advice = next((advice for phrases, advice in _ADVICE if any(phrase in message for phrase in phrases)), "")
        whole = f"{type_name}: {message}" if message else type_name
        words = whole.partition(_STACK)[0]
        shown = _cut(" ".join(words.split()), _TOLD) if blind else told(words, _TOLD)
        status = Status.OUT_OF_MEMORY if memory else Status.RAISED
        detail = whole if shown != whole else ""
        cause = advice or cause_of_exception(message)
        super().__init__(status, f"{subject} {kind} {shown}{where}", detail, cause)


class NotPlain(Verdict):
    """What the student's code returned cannot be sent as plain data."""

    def __init__(self, subject: str, phrase: str, *, too_large: bool) -> None:
        status = Status.TOO_MUCH_OUTPUT if too_large else Status.REFUSED
        super().__init__(status, f"{subject} returned {phrase}.")


def told(words: str, most: int) -> str:
    """Return what a worker said as a student may be told it: on one line, without digits of any script, and cut short.

    A worker chooses its words when it has hidden inputs at hand.
    """
    line = " ".join(words[: 4 * most].split())
    # Splitting by the names of types leaves them at the odd places.
    parts = [part if place % 2 else _without_numbers(part) for place, part in enumerate(_TYPES.split(line))]
    return _cut("".join(parts), most)


def _without_numbers(text: str) -> str:
    return _RUNS.sub("…", "".join("…" if character.isnumeric() else character for character in text))


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[:most]}…"
