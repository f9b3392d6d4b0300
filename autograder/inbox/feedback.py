"""Feedback: for each thing handed in, a folder that only who knows its token can find."""

import re
from datetime import datetime
from pathlib import Path

import msgspec

from autograder.errors import GraderError
from autograder.files import replace_file
from autograder.report.html import student_page
from autograder.result import Result, for_student

__all__ = ["Feedback", "fetch", "publish"]

_TOKEN = re.compile(r"[0-9a-f]{32}")
_PAGE = "index.html"


class Feedback(msgspec.Struct, frozen=True, kw_only=True):
    """What a student is told about one thing that they handed in."""

    slug: str
    outcome: str
    """One of `autograder.inbox.plan.Outcome`."""
    said: str = ""
    """A sentence, where it was not graded."""
    arrived: datetime
    extended: datetime | None = None
    """This student's own deadline, where it is not the course's."""
    late_seconds: float = 0.0
    penalty: float = 0.0
    """Points that lateness took from this attempt."""
    points: float | None = None
    """Of this attempt, after that."""
    attempts_left: int | None = None
    """None where any number is allowed."""
    result: Result | None = None
    """Without anything that is for staff only."""


def publish(folder: Path, token: str, feedback: Feedback) -> None:
    """Write feedback where the student who holds the token finds it: `feedback.json`, and a page where it was graded.

    Raises:
        GraderError: it cannot be written.
    """
    if feedback.result is not None:
        feedback = msgspec.structs.replace(feedback, result=for_student(feedback.result))
    files = {"feedback.json": msgspec.json.format(msgspec.json.encode(feedback), indent=1) + b"\n"}
    if feedback.result is not None:
        files = {_PAGE: student_page(feedback.result.submission.student, [feedback.result]).encode(), **files}
    place = folder / token
    try:
        place.mkdir(exist_ok=True)
        place.chmod(0o755)  # found by its name alone: the folder around it cannot be listed
        for name, data in files.items():
            replace_file(place / name, data, durable=True)
            (place / name).chmod(0o644)
    except OSError as error:
        raise GraderError(
            f"Feedback cannot be written into {place}: {error.strerror}. The result itself is stored; correct the "
            "folder's rights or make room, and run the same command again."
        ) from error


def fetch(folder: Path, token: str) -> tuple[Feedback, Path | None] | None:
    """Return the feedback for a token and the path of its page; nothing where none has been published yet.

    Raises:
        GraderError: it is there and cannot be read.
    """
    if not _TOKEN.fullmatch(token):
        return None
    place = folder / token
    try:
        data = (place / "feedback.json").read_bytes()
        feedback = msgspec.json.decode(data, type=Feedback)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, msgspec.DecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "another version wrote it"
        raise GraderError(f"The feedback in {place} cannot be read: {why}. Ask the course's staff.") from error
    page = place / _PAGE
    return feedback, page if page.is_file() else None
