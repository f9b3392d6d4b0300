"""The command line as people start it, on the small course of `tests/golden/course`."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
COURSE = ROOT / "tests/golden/course"


@pytest.fixture(scope="session")
def course() -> Path:
    """The folder of a course whose only exercise is `basics`."""
    return COURSE


@pytest.fixture(scope="session")
def right() -> str:
    """A right answer to `basics`."""
    return (COURSE / "reference/basics/basics.py").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def command() -> Callable[..., list[str]]:
    """Return the command line of `grade.py` on the course, with its state in a folder."""

    def command(name: str, *args: object, state: Path, course: Path = COURSE) -> list[str]:
        options = ["--course", str(course), "--state", str(state)]
        return [sys.executable, str(ROOT / "grade.py"), name, *map(str, args), *options]

    return command


@pytest.fixture(scope="session")
def grade_py(command: Callable[..., list[str]]) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run `grade.py` to its end."""

    def run(name: str, *args: object, **places: Path) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "COLUMNS": "300", "PYTHONWARNINGS": "error"}
        return subprocess.run(
            command(name, *args, **places), env=environment, capture_output=True, text=True, timeout=240
        )

    return run


@pytest.fixture(scope="session")
def hand_in() -> Callable[..., Path]:
    """Put a submission into the folder of a class."""

    def hand_in(folder: Path, student: str, source: str, name: str = "basics.py") -> Path:
        path = folder / student / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source, encoding="utf-8")
        return path.parent

    return hand_in
