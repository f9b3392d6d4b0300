"""A suite, kept collected: judges one submission after another.

pytest starts, imports and collects once for each suite and slot. It runs in a thread of its own, because its run loop
is left only at the end, and takes submissions from a queue.
"""

import contextlib
import importlib.util
import os
import queue
import sys
import threading
from collections.abc import Iterator
from types import ModuleType

import pytest

from autograder.assignment import Assignment
from autograder.errors import AssignmentError, GraderError
from autograder.judge.outcome import Judgement, TestSpec
from autograder.judge.plugin import Case, JudgePlugin

__all__ = ["Suite"]

_WAIT_SECONDS = 0.5
_UNUSED_PLUGINS = (
    "cacheprovider",
    "capture",
    "debugging",
    "doctest",
    "faulthandler",
    "junitxml",
    "logging",
    "nose",
    "pastebin",
    "stepwise",
    "terminal",
    "threadexception",
    "unittest",
    "unraisableexception",
    "warnings",
)


class Suite:
    """The suite of one assignment, ready to judge: the hidden one, or the public one of a kit."""

    def __init__(self, assignment: Assignment) -> None:
        """Import the reference and collect the suite.

        Raises:
            AssignmentError: either cannot be done, or marks and points do not fit assignment.toml.
        """
        self.assignment = assignment
        self.digest = assignment.suite_digest
        self.reference = ModuleType("no_reference") if assignment.public else _import_reference(assignment)
        self.tests: tuple[TestSpec, ...] = ()
        self._cases: queue.Queue[Case | None] = queue.Queue()
        self._answers: queue.Queue[Judgement | BaseException | None] = queue.Queue()
        self._thread = threading.Thread(target=self._run, name=f"judge of {assignment.slug}", daemon=True)
        self._thread.start()
        self._answer()

    def judge(self, case: Case) -> Judgement:
        """Run every test on one submission.

        Raises:
            GraderError: judging itself broke.
        """
        self._cases.put(case)
        answer = self._answer()
        if answer is None:
            raise GraderError(f"The judge of {self.assignment.slug} stopped without an answer. Run the command again.")
        return answer

    def close(self) -> None:
        """End the pytest session."""
        self._cases.put(None)
        self._thread.join()

    def _answer(self) -> Judgement | None:
        while True:
            try:
                answer = self._answers.get(timeout=_WAIT_SECONDS)
                break
            except queue.Empty:
                continue  # On Windows a wait without an end cannot be interrupted.
        if isinstance(answer, BaseException):
            raise answer
        return answer

    def _run(self) -> None:
        def collected(tests: tuple[TestSpec, ...]) -> None:
            self.tests = tests
            self._answers.put(None)

        plugin = JudgePlugin(self.assignment, self.reference, self._waiting_cases, self._answers.put, collected)
        suite = self.assignment.suite
        folder = suite if suite.is_dir() else suite.parent
        options = [
            f"--rootdir={folder}",
            f"-c{os.devnull}",
            "--import-mode=importlib",
            "--assert=plain",
            "--noconftest",
        ]
        disabled = [option for name in _UNUSED_PLUGINS for option in ("-p", f"no:{name}")]
        os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
        for name in ("PYTEST_ADDOPTS", "PYTEST_PLUGINS"):
            os.environ.pop(name, None)  # Meant for another pytest, whoever set them.
        for path in self.assignment.suite_files:
            # pytest would take a module of another suite for this one, if it has the same name.
            name = ".".join(path.relative_to(folder).with_suffix("").parts)
            sys.modules.pop(name, None)
        failures = _Failures()
        try:
            pytest.main([str(suite), *options, *disabled], plugins=[plugin, failures])
        except BaseException as error:
            failures.error = error
        if failures.error is not None and not isinstance(failures.error, GraderError):
            said = f"{type(failures.error).__name__}: {failures.error}"
            failures.error = AssignmentError(f"The suite {suite} cannot be collected: {said}. Correct it there.")
        self._answers.put(failures.error or AssignmentError(f"The suite {suite} has no tests. Write one there."))

    def _waiting_cases(self) -> Iterator[Case]:
        return iter(self._cases.get, None)


class _Failures:
    """Keeps the exception that ends a pytest session, which pytest itself would only print."""

    error: BaseException | None = None

    def pytest_internalerror(self, excinfo: pytest.ExceptionInfo[BaseException]) -> bool:
        self.error = excinfo.value
        return True  # It has been taken care of: pytest need not print it.

    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        self.error = excinfo.value


def _import_reference(assignment: Assignment) -> ModuleType:
    path = assignment.reference
    spec = importlib.util.spec_from_file_location(f"reference_{assignment.slug}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    with contextlib.ExitStack() as stack:
        # Registered for dataclasses and the like, which look their module up by name.
        sys.modules[spec.name] = module
        stack.callback(sys.modules.pop, spec.name, None)
        try:
            spec.loader.exec_module(module)
        except (Exception, SystemExit) as error:
            raise AssignmentError(
                f"{path}: the reference cannot be imported: {type(error).__name__}: {error}. Correct it there."
            ) from error
        stack.pop_all()
    return module
