"""The package that students install: whole, with both command lines' modules and what they read."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that a built wheel unpacks to."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    built = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert built.returncode == 0, built.stdout + built.stderr
    (path,) = folder.glob("*.whl")
    with zipfile.ZipFile(path) as archive:
        archive.extractall(folder / "unpacked")
    return folder / "unpacked"


def files(folder: Path) -> set[str]:
    found = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    return {name for name in found if "__pycache__" not in name}


def test_the_package_holds_every_file_of_the_grader_and_nothing_of_a_course(wheel: Path) -> None:
    unpacked = {name for name in files(wheel) if ".dist-info/" not in name}
    assert unpacked == {f"autograder/{name}" for name in files(ROOT / "autograder")}


def test_the_command_of_students_is_declared_and_runs_from_the_package(wheel: Path, tmp_path: Path) -> None:
    (entry_points,) = wheel.glob("*.dist-info/entry_points.txt")
    assert "autograder = autograder.cli.student:main" in entry_points.read_text(encoding="utf-8")
    command = [sys.executable, "-c", "from autograder.cli.student import main; main()", "--help"]
    environment = {**os.environ, "PYTHONPATH": str(wheel)}
    shown = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120)
    assert shown.returncode == 0, shown.stderr
    assert all(name in shown.stdout for name in ("list", "get", "check", "submit", "status", "feedback"))
