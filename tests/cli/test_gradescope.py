"""The zip for Gradescope, unpacked and run as Gradescope does, with the real sandbox."""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import autograder.cli.gradescope
from autograder.result import Result, Status

pytestmark = pytest.mark.door

GradePy = Callable[..., subprocess.CompletedProcess[str]]


@dataclass
class Gradescope:
    """The folder that is /autograder there."""

    root: Path

    def grade(
        self, source: str, name: str = "basics.py", **environment: str
    ) -> tuple[dict[str, Any], subprocess.CompletedProcess[str]]:
        """Hand something in; return the results.json, and what was printed for staff."""
        for folder in ("submission", "results"):
            shutil.rmtree(self.root / folder, ignore_errors=True)
        (self.root / "submission").mkdir()
        (self.root / "submission" / name).write_text(source, encoding="utf-8")
        ran = subprocess.run(
            [self.root / "run_autograder"],
            cwd=self.root,
            env={**os.environ, "PYTHONWARNINGS": "error", "PYTHONDONTWRITEBYTECODE": "1", **environment},
            capture_output=True,
            text=True,
            timeout=240,
        )
        return json.loads((self.root / "results/results.json").read_bytes()), ran


@pytest.fixture(scope="module")
def gradescope(tmp_path_factory: pytest.TempPathFactory, grade_py: GradePy) -> Gradescope:
    base = tmp_path_factory.mktemp("gradescope")
    made = grade_py("export", "gradescope-zip", "basics", "--to", base / "basics.zip", state=base / "state")
    assert made.returncode == 0, made.stderr
    assert "give the assignment 11 autograder points" in made.stderr and "its autograder 10 minutes" in made.stderr
    root = base / "autograder"
    with zipfile.ZipFile(base / "basics.zip") as archive:
        archive.extractall(root / "source")
    shutil.copy(root / "source/run_autograder", root)
    (root / "run_autograder").chmod(0o755)
    # What setup.sh makes there.
    (root / "source/.venv").symlink_to(sys.prefix)
    return Gradescope(root)


def statuses(found: dict[str, Any]) -> set[str]:
    return {test["status"] for test in found["tests"]}


def test_a_right_submission_gets_all_points(gradescope: Gradescope, right: str) -> None:
    found, ran = gradescope.grade(right)
    assert ran.returncode == 0, ran.stderr
    assert found["score"] == 11.0 == sum(test["max_score"] for test in found["tests"])
    assert statuses(found) == {"passed"}


def test_a_wrong_one_loses_points_and_reads_why(gradescope: Gradescope, right: str) -> None:
    found, ran = gradescope.grade(right + "\n\ndef add(a, b):\n    return a - b\n")
    assert ran.returncode == 0
    assert 0 < found["score"] < 11.0
    assert statuses(found) == {"passed", "failed"}
    assert all(test["output"] for test in found["tests"] if test["status"] == "failed")


def test_a_hostile_one_reads_and_writes_nothing_and_gets_what_it_earns(gradescope: Gradescope, right: str) -> None:
    forged = json.dumps({"score": 11.0, "tests": []})
    attack = f"""
import os, pathlib

for root in ({str(gradescope.root)!r}, "/autograder", "."):
    for place in ("results/results.json", "../results/results.json"):
        try:
            pathlib.Path(root, place).write_text({forged!r})
        except OSError:
            pass
    for secret in ("source/.autograder/secret", "source/reference/basics/basics.py"):
        if pathlib.Path(root, secret).exists():
            raise SystemExit("found it")

def add(a, b):
    os._exit(0)
"""
    found, ran = gradescope.grade(right + attack)
    assert ran.returncode == 0
    assert 0 < found["score"] < 11.0
    assert "died" in " ".join(test.get("output", "") for test in found["tests"])


def test_what_cannot_be_loaded_gets_0_and_reads_why(gradescope: Gradescope) -> None:
    found, ran = gradescope.grade("def add(a, b):\n    return (a\n")
    assert ran.returncode == 0
    assert found["score"] == 0.0
    assert "line 2" in found["output"].lower()


@pytest.mark.parametrize(
    ("metadata", "attempt"),
    [(None, 1), ({"id": 1}, 1), ({"previous_submissions": []}, 1), ({"previous_submissions": [{}, {}]}, 3)],
)
def test_each_submission_is_an_attempt_of_its_own(
    course: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    result: Callable[..., Result],
    metadata: dict[str, Any] | None,
    attempt: int,
) -> None:
    (tmp_path / "source").symlink_to(course)
    if metadata is not None:
        (tmp_path / "submission_metadata.json").write_text(json.dumps(metadata))
    asked = []

    def grade_path(*args: object) -> Result:
        asked.append(args[2:])
        return result("anna", Status.PASSED)

    monkeypatch.setattr(autograder.cli.gradescope, "grade_path", grade_path)
    assert autograder.cli.gradescope.grade(tmp_path)
    assert asked == [(tmp_path / "submission", attempt)]


def test_without_a_sandbox_nothing_is_run_and_nobody_gets_a_0(
    gradescope: Gradescope, right: str, tmp_path: Path
) -> None:
    (tmp_path / "dirname").symlink_to(str(shutil.which("dirname")))
    mark = tmp_path / "it ran"
    found, ran = gradescope.grade(right + f"\nopen({str(mark)!r}, 'w')\n", PATH=str(tmp_path))
    assert ran.returncode == 1
    assert "bubblewrap is not installed" in ran.stdout
    assert not mark.exists()
    assert "score" not in found and not [test for test in found["tests"] if "score" in test]
    assert found["output"].startswith("Nothing was graded, because the grader failed: no points are given or taken.")


def test_when_the_grader_fails_staff_alone_read_why(gradescope: Gradescope, right: str) -> None:
    reference = gradescope.root / "source/reference/basics/basics.py"
    kept = reference.read_text(encoding="utf-8")
    reference.write_text("raise RuntimeError('the reference is broken')\n", encoding="utf-8")
    try:
        found, ran = gradescope.grade(right)
    finally:
        reference.write_text(kept, encoding="utf-8")
    assert ran.returncode == 1
    assert "the reference is broken" in ran.stdout + ran.stderr
    assert "reference" not in json.dumps(found) and "score" not in found
