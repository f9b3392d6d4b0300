"""From how tests ended to the record of an attempt. Pure: facts in, `Result` out."""

import functools
import importlib.metadata
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec

from autograder import __version__, scoring
from autograder.assignment import Assignment, Task
from autograder.errors import SubmissionError, SubmissionUnreadable
from autograder.report.text import shortened, visible
from autograder.result import (
    Curve,
    Environment,
    Result,
    Status,
    SubmissionRecord,
    TaskResult,
    TestResult,
    Timings,
)
from autograder.submission import Submission

if TYPE_CHECKING:
    from autograder.judge.outcome import Outcome

__all__ = ["SIMULATED", "Conditions", "Examined", "Job", "Probe", "judged", "not_judged"]

SIMULATED = "cuda (simulated)"
"""How results call a GPU that the CPU simulates."""

_RECORDED_PACKAGES = ("torch", "numpy", "scikit-learn", "pytest")
_SHOWN_EXPLANATION, _SHOWN_OUTPUT = 900, 2000
"""Most characters that are kept of what may quote a submission."""


@dataclass(frozen=True)
class Job:
    """One submission to be graded."""

    assignment: Assignment
    submission: Submission
    attempt: int


@dataclass(frozen=True)
class Probe(Job):
    """A submission of an exercise's author, graded to see what the suite makes of it."""

    stand_in: str = ""
    """Let the reference answer for it, in the judge: `reference` as it is, or as one of `autograder.judge.trivial`."""
    until_failure: bool = False
    """Is it enough to know one test that does not pass?"""


@dataclass(frozen=True)
class Examined:
    """A result, and what only an audit looks at."""

    result: Result
    outcomes: "tuple[Outcome, ...]" = ()
    """How the tests of a `Probe` ended, in the suite's order."""
    answers_sent: tuple[tuple[str, str], ...] = ()
    """Tests that sent the answer to the worker, and what holds it; looked for where the reference stands in."""


@dataclass(frozen=True)
class Conditions:
    """What a result was made under, apart from the submission."""

    tier: str
    secret_id: str
    started: str
    """UTC, ISO 8601."""
    gpu: str = ""
    """What `cuda` was: name and driver of a GPU; empty where it was simulated."""
    worker: Mapping[str, str] = field(default_factory=dict)
    """The versions of what the submission computed with, where that is not what the grader has."""


def judged(
    job: Job, outcomes: "Sequence[Outcome]", curves: Sequence[Curve], conditions: Conditions, seconds: float
) -> Result:
    """Return the result of a submission whose tests were run."""
    tests = tuple(_test_result(outcome, conditions) for outcome in outcomes)
    return Result(
        slug=job.assignment.slug,
        title=job.assignment.title,
        attempt=job.attempt,
        submission=_record(job.submission),
        valid=conditions.tier != "practice",
        points=scoring.total(test.points for test in tests),
        max_points=job.assignment.max_points,
        tasks=scoring.task_results(job.assignment.tasks, tests),
        tests=tests,
        curves=tuple(curves),
        environment=_environment(job.assignment, conditions),
        timings=Timings(
            started=conditions.started,
            seconds=round(seconds, 4),
            tests={outcome.test.id: round(outcome.seconds, 4) for outcome in outcomes},
        ),
    )


def not_judged(
    assignment: Assignment,
    submission: Submission,
    attempt: int,
    conditions: Conditions,
    error: Exception,
) -> Result:
    """Return the result of a submission of which no test was run, and why.

    A `SubmissionError` is the submission's fault and gives 0 points; for any other, and where this machine could not
    read it, no points are given or taken.
    """
    theirs = isinstance(error, SubmissionError) and not isinstance(error, SubmissionUnreadable)
    points = 0.0 if theirs else None

    def nothing(task: Task) -> TaskResult:
        return TaskResult(number=task.number, title=task.title, points=points, max_points=task.points)

    return Result(
        slug=assignment.slug,
        title=assignment.title,
        attempt=attempt,
        submission=_record(submission),
        valid=conditions.tier != "practice",
        points=points,
        max_points=assignment.max_points,
        error=str(error),
        tasks=tuple(nothing(task) for task in assignment.tasks),
        tests=(),
        environment=_environment(assignment, conditions),
        timings=Timings(started=conditions.started, seconds=0.0, tests={}),
    )


def _record(submission: Submission) -> SubmissionRecord:
    return SubmissionRecord(
        student=submission.student,
        digest=submission.digest,
        files=tuple(submission.files),
        notes=submission.notes,
    )


def _test_result(outcome: "Outcome", conditions: Conditions) -> TestResult:
    test = outcome.test
    explanation = outcome.explanation
    if test.reveal and outcome.detail and outcome.status in (Status.FAILED, Status.RAISED):
        explanation = f"{explanation} {outcome.detail}".strip()
    printed = outcome.output if outcome.status is not Status.PASSED else ""
    return TestResult(
        id=test.id,
        title=test.title,
        task=test.task,
        points=scoring.points_for(outcome.status, test.points),
        max_points=test.points,
        status=outcome.status,
        device=_device(test.device, conditions),
        explanation=shortened(visible(explanation), _SHOWN_EXPLANATION),
        cause=shortened(visible(outcome.cause), _SHOWN_EXPLANATION),
        mistake=outcome.mistake,
        hint=_hint(outcome),
        detail=visible(outcome.detail),
        output=shortened(visible(printed), _SHOWN_OUTPUT),
    )


def _hint(outcome: "Outcome") -> str:
    """Return what a student should look at: the hint of the known mistake, or else of the test."""
    settled = outcome.status in (Status.PASSED, Status.UNGRADED, Status.WAITING)
    return "" if settled else shortened(visible(outcome.hint), _SHOWN_EXPLANATION) or outcome.test.hint


def _device(device: str | None, conditions: Conditions) -> str | None:
    return SIMULATED if device == "cuda" and not conditions.gpu else device


def _environment(assignment: Assignment, conditions: Conditions) -> Environment:
    return Environment(
        autograder=__version__,
        python=platform.python_version(),
        packages={**_versions(), **{f"{name} (worker)": version for name, version in conditions.worker.items()}},
        platform=f"{platform.system()} {platform.machine()}",
        sandbox=conditions.tier,
        devices=tuple(_device(device, conditions) or "" for device in assignment.devices),
        gpu=conditions.gpu if "cuda" in assignment.devices else "",
        limits=msgspec.to_builtins(assignment.limits),
        suite_digest=assignment.suite_digest,
        reference_digest=assignment.reference_digest,
        secret_id=conditions.secret_id,
    )


@functools.cache
def _versions() -> dict[str, str]:
    return {name: importlib.metadata.version(name) for name in _RECORDED_PACKAGES}
