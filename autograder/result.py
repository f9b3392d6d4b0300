"""The record of one attempt: what every report, export and gradebook is made from.

A `Result` says everything about how a submission was graded and holds no secret. It is written as JSON; the schema is
`docs/result-schema.json` (`json_schema()` below makes it) and `docs/result-format.md` explains the fields.
"""

import enum
from typing import Any

import msgspec

from autograder.errors import GraderError

__all__ = [
    "SCHEMA_VERSION",
    "Curve",
    "Environment",
    "Result",
    "Status",
    "SubmissionRecord",
    "TaskResult",
    "TestResult",
    "Timings",
    "for_student",
    "from_json",
    "json_schema",
    "to_json",
]

SCHEMA_VERSION = 1


class Status(enum.StrEnum):
    """How one test ended. The list is closed."""

    PASSED = "passed"
    FAILED = "failed"
    RAISED = "raised"
    TIMED_OUT = "timed_out"
    OUT_OF_MEMORY = "out_of_memory"
    TOO_MUCH_OUTPUT = "too_much_output"
    CRASHED = "crashed"
    REFUSED = "refused"
    WAITING = "waiting"
    UNGRADED = "ungraded"

    @property
    def meaning(self) -> str:
        """What the status says about the work, in a few words."""
        return _MEANINGS[self]


_MEANINGS = {
    Status.PASSED: "right",
    Status.FAILED: "a wrong value",
    Status.RAISED: "the submission raised an exception",
    Status.TIMED_OUT: "the submission took longer than it may",
    Status.OUT_OF_MEMORY: "the submission used more memory than it may",
    Status.TOO_MUCH_OUTPUT: "the submission returned or wrote more than it may",
    Status.CRASHED: "the submission's process died",
    Status.REFUSED: "the submission answered with something that is not plain data",
    Status.WAITING: "not run, because a test that it needs did not pass",
    Status.UNGRADED: "the grader's fault: no points are given or taken, and staff are told",
}


class Record(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Base of the records: immutable, and strict when read back."""


class TestResult(Record, frozen=True, kw_only=True):
    """How one hidden test ended, on one device."""

    __test__ = False  # not a test of pytest's, whatever its name says

    id: str
    """Name of the test, with its device in brackets where it runs on more than one: `test_train[cuda]`."""
    title: str
    """First line of the test's docstring: the line that the student reads."""
    task: int
    points: float | None
    """Points given; None where the test is ungraded."""
    max_points: float
    status: Status
    device: str | None = None
    """`cpu`, `cuda` or `cuda (simulated)` where the test takes a device."""
    explanation: str = ""
    """What went wrong, for the student: no hidden input, no expected value."""
    cause: str = ""
    """Why the value is wrong, for the student, where the grader has found out: a sentence or two."""
    mistake: str = ""
    """For staff only: name of the exercise's mutant whose replies the submission gave; empty where it gave no
    mutant's."""
    hint: str = ""
    """The author's hint: for the known mistake that was made, or else for this test."""
    detail: str = ""
    """For staff only: expected and received values, whole messages of exceptions, tracebacks of the grader."""
    output: str = ""
    """For staff only, because it may quote hidden inputs: what the submission printed during this test, shortened,
    control characters made visible."""


class TaskResult(Record, frozen=True, kw_only=True):
    """Points of one numbered part of the exercise."""

    number: int
    title: str
    points: float | None
    """None where a test of the task is ungraded."""
    max_points: float


class Curve(Record, frozen=True, kw_only=True):
    """A sequence that a test recorded to be plotted, such as the loss at each step."""

    name: str
    student: tuple[float | None, ...]
    """At most 200 evenly spaced points; None where the value is not finite."""
    reference: tuple[float | None, ...] = ()
    x: tuple[float | None, ...] = ()
    """Where the student's points stand on the horizontal axis; empty where nothing is known of it."""
    reference_x: tuple[float | None, ...] = ()
    """The same of the reference's points, where it is not `x`."""
    figure: str = ""
    """Title of the figure that this is a line of; empty for a curve that stands for itself."""
    test: str = ""


class SubmissionRecord(Record, frozen=True, kw_only=True):
    """What was graded."""

    student: str
    digest: str
    """SHA-256 over the names and contents of the files."""
    files: tuple[str, ...]
    notes: tuple[str, ...] = ()
    """What was noticed on receiving it, such as `a conftest.py was ignored`."""


class Environment(Record, frozen=True, kw_only=True):
    """What it was graded with: enough to grade it again."""

    autograder: str
    python: str
    packages: dict[str, str]
    platform: str
    sandbox: str
    """The tier that held the submission: `full`, `container` or `practice`."""
    devices: tuple[str, ...]
    gpu: str = ""
    """Name and driver of the GPU that `cuda` was; empty where there was none in it, or it was simulated."""
    limits: dict[str, float | int | str]
    suite_digest: str
    reference_digest: str
    secret_id: str
    """Tells course secrets apart without giving them away."""


class Timings(Record, frozen=True, kw_only=True):
    """The only part of a result that differs between two gradings of one attempt."""

    started: str
    """UTC, ISO 8601."""
    seconds: float
    tests: dict[str, float]


class Result(Record, frozen=True, kw_only=True):
    """The record of one attempt."""

    schema_version: int = SCHEMA_VERSION
    slug: str
    title: str
    attempt: int
    submission: SubmissionRecord
    valid: bool
    """False for practice marks, which were made without a sandbox."""
    points: float | None
    """None where any test is ungraded, or where nothing was judged."""
    max_points: float
    error: str = ""
    """Why nothing was judged, when the submission could not even be loaded; empty otherwise."""
    tasks: tuple[TaskResult, ...]
    tests: tuple[TestResult, ...]
    curves: tuple[Curve, ...] = ()
    environment: Environment
    timings: Timings

    @property
    def ungraded(self) -> tuple[TestResult, ...]:
        """The tests that the grader owes an answer for."""
        return tuple(test for test in self.tests if test.status is Status.UNGRADED)


def for_student(result: Result) -> Result:
    """Return what a result's student may have of it: nothing that is for staff, and no time that a test took."""
    tests = tuple(msgspec.structs.replace(test, detail="", output="", mistake="") for test in result.tests)
    return msgspec.structs.replace(
        result, tests=tests, timings=msgspec.structs.replace(result.timings, seconds=0.0, tests={})
    )


_encoder = msgspec.json.Encoder(order="deterministic")
_decoder = msgspec.json.Decoder(Result)


def to_json(result: Result) -> bytes:
    """Encode a result; the same result gives the same bytes."""
    return _encoder.encode(result)


def from_json(data: bytes | str) -> Result:
    """Decode a result, strictly.

    Raises:
        GraderError: the data is damaged, or not a result of this schema version.
    """
    try:
        return _decoder.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise GraderError(f"This is not a result of schema version {SCHEMA_VERSION}: {error}.") from error


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of a result."""
    return msgspec.json.schema(Result)
