"""Everything that can go wrong outside a test, as one tree.

    GraderError                 exit code 1: the grader could not do its work
    ├── UsageError              exit code 2: what was asked for cannot be done as asked
    │   ├── AssignmentError     an assignment's files are missing or wrong; names the file and the key
    │   ├── CourseError         course.toml or the roster is missing or wrong; names the file and the key
    │   ├── UnknownSlug         no assignment has this name
    │   └── GpuUnavailable      this machine has no GPU that can be graded on
    ├── SubmissionError         one submission cannot be graded; the rest of the class can
    │   └── SubmissionUnreadable    because this machine could not read it: no points are given or taken
    └── SandboxUnavailable      this machine cannot confine a submission
        └── RuntimeMissing          because the framework that it uses is not installed: no points are given or taken

Each message has three beats: what happened, why, what to do next.
How a *test* ends is not an error but a `autograder.result.Status`.
"""

import difflib
from collections.abc import Iterable

__all__ = [
    "AssignmentError",
    "CourseError",
    "GpuUnavailable",
    "GraderError",
    "RuntimeMissing",
    "SandboxUnavailable",
    "SubmissionError",
    "SubmissionUnreadable",
    "UnknownSlug",
    "UsageError",
    "nearest",
]


class GraderError(Exception):
    """The grader could not do its work; the message is for a person."""

    exit_code = 1


class UsageError(GraderError):
    """What was asked for cannot be done as asked."""

    exit_code = 2


class AssignmentError(UsageError):
    """An assignment's files are missing or wrong."""


class CourseError(UsageError):
    """course.toml or the roster is missing or wrong."""


class UnknownSlug(UsageError):
    """No assignment has this name."""


class GpuUnavailable(UsageError):
    """This machine has no GPU that can be graded on; the message is a clause that says why, and what to do."""


class SubmissionError(GraderError):
    """One submission cannot be graded; the rest of the class can."""


class SubmissionUnreadable(SubmissionError):
    """This machine could not read a submission: the grader's fault, not the student's."""


class SandboxUnavailable(GraderError):
    """This machine cannot confine a submission."""


class RuntimeMissing(SandboxUnavailable):
    """The framework that a submission uses is not installed here."""


def nearest(word: str, known: Iterable[str]) -> str:
    """Return `" Did you mean 'x'?"` for the known word nearest to `word`, or nothing when none is near."""
    match = difflib.get_close_matches(word, list(known), n=1)
    return f" Did you mean {match[0]!r}?" if match else ""
