"""A kit's public tests: judged as hidden ones are, without points, without a reference, and with nothing to hide."""

import textwrap
import types
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from autograder.assignment import load_kit
from autograder.errors import AssignmentError
from autograder.judge.outcome import Outcome
from autograder.judge.plugin import Case
from autograder.judge.source import Source
from autograder.judge.student import Connection
from autograder.judge.suite import Suite
from autograder.result import Status
from autograder.sandbox.fake import FakeSession

SETTINGS = 'format_version = 1\ntitle = "Tiny"\nmodule = "tiny"\n[[tasks]]\nnumber = 1\ntitle = "All"\npoints = 3\n'
CLAIM = '''
    import pytest

    @pytest.mark.task(1)
    def test_claim(student, compare):
        """A claim."""
        compare.close(student.f(7), 1)
'''

Public = Callable[..., Suite]


@pytest.fixture
def public(tmp_path: Path) -> Iterator[Public]:
    """Collect the public tests of a kit."""
    suites = []

    def collect(tests: str = CLAIM) -> Suite:
        folder = tmp_path / "tiny"
        folder.mkdir()
        for name, text in (("assignment.toml", SETTINGS), ("test_public.py", tests), ("conftest.py", "raise 1")):
            (folder / name).write_text(textwrap.dedent(text), encoding="utf-8")
        suites.append(Suite(load_kit(folder)))
        return suites[-1]

    yield collect
    for suite in suites:
        suite.close()


def judged(suite: Suite, source: str) -> Outcome:
    """Judge a source by a suite of one test."""
    module = types.ModuleType("tiny")
    exec(source, vars(module))
    files = {"tiny.py": source.encode()}
    connection = Connection(
        lambda: FakeSession(module), "tiny", files, "cpu", suite.assignment.limits, public=suite.assignment.public
    )
    (outcome,) = suite.judge(Case(connection, Source(source), lambda purpose, test: 0)).outcomes
    return outcome


def test_a_public_test_has_a_claim_and_a_task_and_no_points(public: Public) -> None:
    (test,) = public().tests
    assert (test.title, test.task, test.points) == ("A claim.", 1, 0)


def test_a_message_is_told_whole(public: Public) -> None:
    suite = public()
    assert judged(suite, "def f(x): return 1").status is Status.PASSED
    raised = judged(suite, "def f(x): raise ValueError(f'{x} is 3 too many')")
    assert (raised.explanation, raised.detail) == ("`f` raised ValueError: 7 is 3 too many", "")


@pytest.mark.parametrize(
    ("written", "instead", "sentence"),
    [
        ("student, compare", "student, reference", r"test_claim takes `reference`, which students do not have\. Write"),
        ("@pytest.mark.task(1)", "", r"test_claim must be marked @pytest\.mark\.task\(n\)"),
        ("compare.close(", "compare.close((", r"The suite .*test_public\.py cannot be collected"),
        ("def test_claim", "def claim", r"The suite .*test_public\.py has no tests"),
    ],
)
def test_what_is_wrong_with_a_public_test_is_said(public: Public, written: str, instead: str, sentence: str) -> None:
    assert written in CLAIM
    with pytest.raises(AssignmentError, match=sentence):
        public(CLAIM.replace(written, instead))
