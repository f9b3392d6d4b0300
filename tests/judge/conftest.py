"""Hidden suites judged in this process, on a module that stands for a submission."""

import textwrap
import types
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from autograder.assignment import Limits, load
from autograder.judge.draw import seed_for
from autograder.judge.outcome import Judgement
from autograder.judge.plugin import Case
from autograder.judge.source import Source
from autograder.judge.student import Connection
from autograder.judge.suite import Suite
from autograder.sandbox.base import Session
from autograder.sandbox.fake import FakeSession


class ScriptedSession:
    """Answers from a list: replies are returned, exits raised; keeps the requests."""

    def __init__(self, *script: Any, output: str = "", silent: bool = True, starved: bool = False) -> None:
        self.requests: list[Mapping[str, Any]] = []
        self.seconds: list[float] = []
        self.closed = False
        self._script = list(script)
        self._silent = silent
        self._starved = starved
        self._output = output

    def call(self, request: Mapping[str, Any], seconds: float) -> Any:
        self.requests.append(request)
        self.seconds.append(seconds)
        answer = self._script.pop(0) if self._script else {"value": None}
        if isinstance(answer, Exception):
            raise answer
        return answer

    def is_silent(self) -> bool:
        return self._silent

    def is_starved(self) -> bool:
        return self._starved

    def take_output(self) -> str:
        text, self._output = self._output, ""
        return text

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def scripted() -> type[ScriptedSession]:
    """A session that answers from a list."""
    return ScriptedSession


@pytest.fixture
def connect() -> Callable[..., Connection]:
    """Connect to sessions that are opened one after the other."""

    def connect(*sessions: Session, limits: Limits | None = None) -> Connection:
        waiting = iter(sessions)
        return Connection(lambda: next(waiting), "tiny", {"tiny.py": b"f = 1\n"}, "cpu", limits or Limits())

    return connect


@pytest.fixture
def suite_of() -> Iterator[Callable[[Path], Suite]]:
    """Collect the hidden suite of a tiny course."""
    suites = []

    def collect(course: Path) -> Suite:
        suites.append(Suite(load(course, "tiny")))
        return suites[-1]

    yield collect
    for suite in suites:
        suite.close()


@pytest.fixture
def judge(suite_of: Callable[[Path], Suite]) -> Callable[..., Judgement]:
    """Judge a source by a tiny course's suite, or by one that is collected already."""

    def judge(suite: Suite | Path, source: str, *, attempt: int = 1, control: bool = False) -> Judgement:
        if isinstance(suite, Path):
            suite = suite_of(suite)
        module = types.ModuleType("tiny")
        exec(textwrap.dedent(source), vars(module))
        limits = suite.assignment.limits
        connection = Connection(lambda: FakeSession(module), "tiny", {}, "cpu", limits)
        case = Case(
            connection,
            Source(textwrap.dedent(source)),
            lambda purpose, test: seed_for(b"secret", purpose, test, str(attempt)),
            control,
        )
        return suite.judge(case)

    return judge
