"""What the judge hands over: how each hidden test ended for one submission."""

from dataclasses import dataclass

from autograder.judge.trace import Trace
from autograder.result import Curve, Status

__all__ = ["Judgement", "Outcome", "TestSpec"]


@dataclass(frozen=True)
class TestSpec:
    """One hidden test as its author declared it."""

    __test__ = False  # not a test of pytest's, whatever its name says

    id: str
    function: str
    """The test function's name; the same for all devices and parameters."""
    title: str
    task: int
    points: float
    """Its share of the function's points, which are divided among devices and parameters."""
    needs: tuple[str, ...]
    hint: str
    reveal: bool
    device: str | None
    allowed: tuple[str, ...] = ()
    """What an audit would otherwise hold against the test, and its author has a reason for."""


@dataclass(frozen=True)
class Outcome:
    """How one test ended."""

    test: TestSpec
    status: Status
    explanation: str = ""
    cause: str = ""
    mistake: str = ""
    hint: str = ""
    """That of the known mistake, which stands in place of the test's; empty where none is known."""
    detail: str = ""
    output: str = ""
    seconds: float = 0.0
    suspect: bool = False
    """Did the test itself break, so that a control run must say whose fault it is?"""
    trace: Trace | None = None
    """What was asked of the submission and what it replied; None where it passed, or there is too much of it."""
    margin: float | None = None
    """The worst error of its comparisons, in allowances; None where it compared no numbers."""


@dataclass(frozen=True)
class Judgement:
    """How every test ended for one submission, in the suite's order."""

    outcomes: tuple[Outcome, ...]
    curves: tuple[Curve, ...]
