"""What tests share: slots that grade for real, and tiny courses."""

import contextlib
import os
import textwrap
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest

from autograder.assemble import Job
from autograder.assignment import Assignment, load
from autograder.grading import Pool
from autograder.result import Environment, Result, Status, SubmissionRecord, TaskResult, Timings
from autograder.result import TestResult as HiddenTest
from autograder.sandbox.bubblewrap import find_recipe
from autograder.sandbox.zygote import Recipe
from autograder.submission import Submission, receive

# Submissions, and the hidden suite that judges them.
collect_ignore = ["attacks", "golden", "honest", "paraphrased"]

# The same examples in every run, so that it fails on a change and not by luck; `make fuzz` looks for new ones.
hypothesis.settings.register_profile("fixed", derandomize=True, database=None)
if "FUZZ" not in os.environ:
    hypothesis.settings.load_profile("fixed")

SECRET = b"the secret of a course for tests"
GOLDEN = Path(__file__).parent / "golden"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Count the attacks: those that held, those that got through, and those that could not be tried, and why."""
    reports = [
        report
        for outcome in ("passed", "failed", "error", "skipped")
        for report in terminalreporter.getreports(outcome)
        if isinstance(report, pytest.TestReport) and "attack" in report.keywords
    ]
    if not reports:
        return
    held = sum(report.passed and report.when == "call" for report in reports)
    skips = Counter(str(report.longrepr[2]).removeprefix("Skipped: ") for report in reports if report.skipped)
    through = sum(report.failed for report in reports)
    why = ": " + ", ".join(f"{count} {reason}" for reason, count in skips.items()) if skips else ""
    total = held + through + sum(skips.values())
    terminalreporter.write_line(
        f"{total} attacks, {held} held, {through} got through, {sum(skips.values())} skipped{why}"
    )


@pytest.fixture(scope="session")
def recipe() -> Recipe:
    """How this machine confines workers. There is no test without: where nothing works, this fails and says why."""
    return find_recipe("torch")


@pytest.fixture(scope="session")
def pool(recipe: Recipe) -> Iterator[Pool]:
    """Two slots that grade for real."""
    pool = Pool({"torch": recipe}, SECRET, slots=2)
    yield pool
    pool.close()


@pytest.fixture
def grade(pool: Pool) -> Callable[..., Result]:
    """Grade one submission, from its files or from the folder that holds them."""

    def grade(assignment: Assignment, submission: dict[str, str] | Path, attempt: int = 1) -> Result:
        if isinstance(submission, Path):
            received = receive(submission, assignment.module)
        else:
            files = {name: textwrap.dedent(text).encode() for name, text in submission.items()}
            received = Submission(student="ada", files=files, digest="0" * 64)
        (result,) = pool.grade_many([Job(assignment, received, attempt)])
        return result

    return grade


@pytest.fixture(scope="session")
def my_processes() -> Callable[[], dict[int, str]]:
    """Return the living processes that this one has started, and theirs, by number, with their command lines."""
    return lambda: _descendants(os.getpid())


@pytest.fixture(scope="session")
def wait_for_end() -> Callable[..., None]:
    """Wait until processes have ended; the kernel takes a moment to end what was killed."""

    def wait(numbers: Iterable[int], seconds: float = 20.0) -> None:
        deadline = time.monotonic() + seconds
        left = set(numbers)
        while left:
            assert time.monotonic() < deadline, f"still running: {left}"
            time.sleep(0.05)
            left = {number for number in left if _parent_and_state(number)[1] not in ("", "Z")}

    return wait


def _parent_and_state(number: int) -> tuple[int, str]:
    try:
        fields = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0, ""  # It has ended meanwhile.
    return int(fields[1]), fields[0]


def _descendants(number: int) -> dict[int, str]:
    living = {int(path.name): _parent_and_state(int(path.name)) for path in Path("/proc").glob("[0-9]*")}
    found, todo = {}, [number]
    while todo:
        above = todo.pop()
        for child, (parent, state) in living.items():
            if parent == above and state not in ("", "Z"):
                with contextlib.suppress(OSError):
                    found[child] = Path(f"/proc/{child}/cmdline").read_text().replace("\0", " ")
                todo.append(child)
    return found


@pytest.fixture(scope="session")
def basics() -> Assignment:
    """The assignment of `tests/golden/course`."""
    return load(GOLDEN / "course", "basics")


@pytest.fixture
def tiny_course(tmp_path: Path) -> Callable[..., Path]:
    """Write a course of one assignment, whose module is `tiny.py`, and return the course's folder."""

    def write(
        tests: str,
        reference: str = "",
        settings: str = "",
        *,
        points: float = 1,
        tail: str = "",
        slug: str = "tiny",
    ) -> Path:
        """`settings` are keys of assignment.toml that come before its task, `tail` what comes after it."""
        head = f'format_version = 1\ntitle = "Tiny"\nmodule = "tiny"\n{textwrap.dedent(settings)}\n'
        task = f'[[tasks]]\nnumber = 1\ntitle = "All"\npoints = {points}\n{textwrap.dedent(tail)}'
        files = {
            f"assignments/{slug}/assignment.toml": head + task,
            f"assignments/{slug}/hidden/test_{slug}.py": f"import pytest\nimport torch\n\n{textwrap.dedent(tests)}",
            f"reference/{slug}/tiny.py": f"import torch\n\n{textwrap.dedent(reference)}",
        }
        for name, text in files.items():
            path = tmp_path / "course" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return tmp_path / "course"

    return write


# Made-up results, in as few words as a test needs.

_ENVIRONMENT = Environment(
    autograder="0.1.0",
    python="3.11.2",
    packages={"torch": "2.13.0"},
    platform="Linux",
    sandbox="full",
    devices=("cpu",),
    limits={"call_seconds": 10},
    suite_digest="ab" * 32,
    reference_digest="cd" * 32,
    secret_id="s1",
)


def _hidden_test(status: Status = Status.PASSED, **fields: Any) -> HiddenTest:
    points = {Status.PASSED: 1.0, Status.UNGRADED: None}.get(status, 0.0)
    given = {"id": "test_a", "title": "The loss falls.", "task": 1, "points": points, "max_points": 1.0}
    return HiddenTest(**{**given, "status": status, **fields})


def _result(student: str = "anna", *statuses: Status, **fields: Any) -> Result:
    """One task, and a test for each status, called `test_0`, `test_1`, …"""
    tests = fields.pop("tests", None)
    if tests is None:
        tests = tuple(
            _hidden_test(status, id=f"test_{place}", title=f"Claim {place}.") for place, status in enumerate(statuses)
        )
    known = [test.points for test in tests]
    points = None if None in known or not tests else sum(known)
    most = sum(test.max_points for test in tests) or 4.0
    notes = fields.pop("notes", ())
    given = {
        "slug": "toy",
        "title": "Toy",
        "attempt": 1,
        "submission": SubmissionRecord(student=student, digest="0" * 64, files=("toy.py",), notes=notes),
        "valid": True,
        "points": points,
        "max_points": most,
        "tasks": (TaskResult(number=1, title="Training", points=points, max_points=most),),
        "tests": tests,
        "environment": _ENVIRONMENT,
        "timings": Timings(started="2025-03-01T10:00:00Z", seconds=1.0, tests={}),
    }
    return Result(**{**given, **fields})


@pytest.fixture
def hidden_test() -> Callable[..., HiddenTest]:
    """Make how a hidden test ended; every field can be given."""
    return _hidden_test


@pytest.fixture
def result() -> Callable[..., Result]:
    """Make a result from a student and statuses; every field can be given, and `notes`."""
    return _result
