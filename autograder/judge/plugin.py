"""The pytest plugin of hidden suites: fixtures, marks, and how a test ends.

One pytest session serves many submissions. It collects once, then its run loop takes one `Case` after another and runs
every test on it.
"""

import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Protocol

import pytest
import torch
from _pytest.runner import runtestprotocol

from autograder.assignment import Assignment
from autograder.errors import AssignmentError
from autograder.judge.compare import Compare
from autograder.judge.curves import Curves
from autograder.judge.draw import Draw
from autograder.judge.marks import MARKS, read_tests
from autograder.judge.outcome import Judgement, Outcome, TestSpec
from autograder.judge.reference import Reference
from autograder.judge.source import Source
from autograder.judge.student import Connection, Student
from autograder.judge.verdict import Verdict
from autograder.judge.watchdog import Overdue, Watchdog
from autograder.result import Status
from autograder.sandbox.base import Exit, Killed

__all__ = ["Case", "JudgePlugin", "Watcher"]


class Watcher(Protocol):
    """Looks on while a suite judges."""

    def begin_test(self, test: TestSpec) -> None:
        """A test begins."""

    def compared(self, actual: torch.Tensor, expected: torch.Tensor) -> None:
        """It compares what came back with what it expects."""


@dataclass(frozen=True)
class Case:
    """One submission to be judged."""

    connection: Connection
    source: Source
    seed: Callable[[str, str], int]
    """Seed for a purpose (`inputs` or `worker`) and a test function."""
    control: bool = False
    """Is it the reference itself, standing in for a submission? It runs on the CPU whatever the device."""
    only: frozenset[str] | None = None
    """Ids of the tests to run, whatever they need, each with its trace even where it passes; None for the suite."""
    until_failure: bool = False
    """Is it enough to know one test that does not pass?"""
    watcher: Watcher | None = None
    """Looks on, for an audit."""


class JudgePlugin:
    """Collects a hidden suite, then judges what `cases` yields and hands each judgement to `deliver`."""

    def __init__(
        self,
        assignment: Assignment,
        reference: ModuleType,
        cases: Callable[[], Iterator[Case]],
        deliver: Callable[[Judgement | BaseException], None],
        collected: Callable[[tuple[TestSpec, ...]], None],
    ) -> None:
        self._assignment = assignment
        self._reference = Reference(reference)
        self._cases = cases
        self._deliver = deliver
        self._collected = collected
        self._compare = Compare()
        self._watchdog = Watchdog()
        self._specs: dict[pytest.Item, TestSpec] = {}
        self._errors: list[str] = []
        self._case: Case | None = None
        self._curves = Curves()
        self._spec: TestSpec | None = None
        self._raised: BaseException | None = None
        self._skipped = False

    # What pytest calls.

    def pytest_configure(self, config: pytest.Config) -> None:
        for mark, meaning in MARKS.items():
            config.addinivalue_line("markers", f"{mark}: {meaning}")

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        if "device" in metafunc.fixturenames and len(self._assignment.devices) > 1:
            metafunc.parametrize("device", self._assignment.devices, indirect=True)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self._errors.append(str(report.longrepr))

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        if self._errors:
            raise AssignmentError(f"The suite {self._assignment.suite} cannot be collected:\n{self._errors[0]}")
        self._specs = read_tests(self._assignment, session.items)
        self._collected(tuple(self._specs.values()))
        for case in self._cases():
            try:
                self._deliver(self._judge(session.items, case))
            except (Exception, Overdue) as error:
                self._deliver(error)
        return True

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> pytest.TestReport:
        if call.excinfo is not None and self._raised is None:
            self._raised = call.excinfo.value
            self._skipped = call.excinfo.errisinstance(pytest.skip.Exception)
        outcome = "passed" if call.excinfo is None else "failed"
        return pytest.TestReport(item.nodeid, item.location, {}, outcome, None, call.when)  # type: ignore[arg-type]

    # The fixtures of docs/authoring.md.

    @pytest.fixture
    def student(self) -> Student:
        case, spec = self._now()
        case.connection.begin_test(case.seed("worker", spec.function), fresh=self._assignment.isolation == "test")
        return Student(case.connection)

    @pytest.fixture
    def reference(self) -> Reference:
        return self._reference

    @pytest.fixture
    def draw(self) -> Draw:
        case, spec = self._now()
        return Draw(case.seed("inputs", spec.function))

    @pytest.fixture
    def compare(self) -> Compare:
        return self._compare

    @pytest.fixture
    def device(self, request: pytest.FixtureRequest) -> str:
        case, _ = self._now()
        return "cpu" if case.control else str(getattr(request, "param", self._assignment.devices[0]))

    @pytest.fixture
    def source(self) -> Source:
        return self._now()[0].source

    @pytest.fixture
    def curves(self) -> Curves:
        return self._curves

    # Judging one submission.

    def _now(self) -> tuple[Case, TestSpec]:
        assert self._case is not None
        assert self._spec is not None
        return self._case, self._spec

    def _judge(self, items: list[pytest.Item], case: Case) -> Judgement:
        self._case, self._curves = case, Curves()
        outcomes: list[Outcome] = []
        try:
            for item in items:
                spec = self._specs[item]
                if case.only is None:
                    outcomes.append(_waiting(spec, outcomes) or self._run(item, spec, case))
                elif spec.id in case.only:
                    outcomes.append(self._run(item, spec, case))
                if case.until_failure and outcomes and outcomes[-1].status is not Status.PASSED:
                    break
        finally:
            case.connection.close()
            self._case = self._spec = None
        return Judgement(tuple(outcomes), tuple(self._curves.recorded))

    def _run(self, item: pytest.Item, spec: TestSpec, case: Case) -> Outcome:
        begin = time.perf_counter()
        self._run_once(item, spec, case)
        if isinstance(self._raised, Killed):
            # Whoever killed the worker, it may not have been the submission: that kills itself at the same place again.
            where = str(self._raised)
            self._run_once(item, spec, case)
            if isinstance(self._raised, Killed) and str(self._raised) != where:
                self._run_once(item, spec, case)
        cause = self._raised.cause if isinstance(self._raised, Verdict) else ""
        status, explanation, detail, suspect = self._ending()
        trace = case.connection.take_trace()
        return Outcome(
            test=spec,
            status=status,
            explanation=explanation,
            cause=cause,
            detail=detail,
            output=case.connection.take_output(),
            seconds=time.perf_counter() - begin,
            suspect=suspect,
            trace=trace if case.only is not None or status is not Status.PASSED else None,
            margin=self._compare.margin,
        )

    def _run_once(self, item: pytest.Item, spec: TestSpec, case: Case) -> None:
        self._spec, self._raised, self._skipped = spec, None, False
        self._curves.begin(spec.id)
        self._compare.begin_test(case.watcher.compared if case.watcher else None)
        if case.watcher:
            case.watcher.begin_test(spec)
        torch.default_generator.manual_seed(case.seed("judge", spec.function))
        self._watchdog.begin(case.connection)
        # Without a next item pytest takes everything down, so that no fixture outlives a test or a submission.
        try:
            runtestprotocol(item, log=False, nextitem=None)
        except (pytest.exit.Exception, Overdue) as error:
            # A hidden test that calls pytest.exit ends itself, not the class.
            self._raised = error
            item.session._setupstate.teardown_exact(None)
        finally:
            self._watchdog.end()

    def _ending(self) -> tuple[Status, str, str, bool]:
        """Return status, explanation, detail, and whether the test itself broke."""
        error, self._raised = self._raised, None
        if error is None:
            return Status.PASSED, "", "", False
        if self._skipped:
            return Status.UNGRADED, "", f"the hidden test skipped itself: {error}", False
        if isinstance(error, Verdict):
            return error.status, error.explanation, error.detail, False
        if isinstance(error, Exit):
            ours = error.status is Status.UNGRADED
            return error.status, "" if ours else str(error), str(error) if ours else "", False
        if isinstance(error, AssertionError) and self._is_authors(error):
            # Only what the author wrote after the comma; what the assertion compared stays hidden.
            return Status.FAILED, str(error), "", False
        lines = "".join(self._traceback(error).format()).strip().splitlines()
        return Status.UNGRADED, "", "\n".join(lines[-20:]), True

    def _traceback(self, error: BaseException) -> traceback.TracebackException:
        """Return the traceback from the suite's own line on, without how pytest came there."""
        whole = traceback.TracebackException.from_exception(error)
        own = [Path(frame.filename).is_relative_to(self._assignment.suite) for frame in whole.stack]
        if True in own:  # It is not where a fixture is missing.
            whole.stack = traceback.StackSummary.from_list(whole.stack[own.index(True) :])
        return whole

    def _is_authors(self, error: BaseException) -> bool:
        """Was it raised by a line of the hidden suite itself, and not by something that the suite called?"""
        frame = error.__traceback__
        while frame is not None and frame.tb_next is not None:
            frame = frame.tb_next
        return frame is not None and Path(frame.tb_frame.f_code.co_filename).is_relative_to(self._assignment.suite)


def _waiting(spec: TestSpec, outcomes: list[Outcome]) -> Outcome | None:
    """Return the outcome of a test that need not run, because one that it needs did not pass."""
    for outcome in outcomes:
        test = outcome.test
        same_device = test.device == spec.device or None in (test.device, spec.device)
        if test.function in spec.needs and same_device and outcome.status is not Status.PASSED:
            status = Status.UNGRADED if outcome.status is Status.UNGRADED else Status.WAITING
            sentence = f"It needs “{test.title}” to pass first."
            return Outcome(spec, status, sentence, suspect=outcome.suspect)
    return None
