"""`grade.py run`: one submission, explained; nothing recorded."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[2]
Grade = Callable[..., subprocess.CompletedProcess[str]]
HandIn = Callable[..., Path]
WRONG = "\n\ndef add(a, b):\n    return a - b\n"


def test_a_run_explains_and_records_nothing(grade_py: Grade, hand_in: HandIn, right: str, tmp_path: Path) -> None:
    folder = hand_in(tmp_path, "ada", right + WRONG)
    finished = grade_py("run", "basics", folder, "--json", tmp_path / "result.json", state=tmp_path / "state")
    assert finished.returncode == 0, finished.stderr
    assert re.search(r"✗ Two tensors are added element by element\. +0 / 1", finished.stdout)
    assert "The value that came back is wrong in 50 of 50 elements" in finished.stdout
    assert "Hint: Add the tensors element by element." in finished.stdout
    result = json.loads((tmp_path / "result.json").read_text())
    assert (result["points"], result["valid"], result["submission"]["student"]) == (10, True, "ada")
    assert not (tmp_path / "state/attempts.sqlite").exists()


def test_practice_grades_and_says_that_its_marks_do_not_count(
    grade_py: Grade, hand_in: HandIn, right: str, tmp_path: Path
) -> None:
    folder = hand_in(tmp_path, "ada", right + WRONG)
    finished = grade_py(
        *("run", "basics", folder, "--practice", "--staff", "--json", tmp_path / "result.json"),
        state=tmp_path / "state",
    )
    assert finished.returncode == 0, finished.stderr
    assert "the marks are not valid" in finished.stderr
    result = json.loads((tmp_path / "result.json").read_text())
    assert (result["points"], result["valid"]) == (10, False)
    assert result["environment"]["sandbox"] == "practice"
    (failed,) = [test for test in result["tests"] if test["status"] != "passed"]
    assert re.findall(r"-?\d+\.\d{3,}", failed["detail"])[0] in finished.stdout, (
        "staff see expected and received values"
    )


def test_what_cannot_be_loaded_is_told_to_the_student(grade_py: Grade, tmp_path: Path) -> None:
    (tmp_path / "ada.zip").write_bytes(b"PK\3\4 cut short")
    finished = grade_py("run", "basics", tmp_path / "ada.zip", state=tmp_path / "state")
    assert finished.returncode == 0
    assert "0 / 11" in finished.stdout and "zip" in finished.stdout


def test_a_broken_suite_is_the_author_s_mistake_and_names_it(
    grade_py: Grade, tiny_course: Callable[..., Path], tmp_path: Path
) -> None:
    course = tiny_course("def test_nothing(): pass")
    (tmp_path / "tiny.py").write_text("x = 1")
    finished = grade_py("run", "tiny", tmp_path / "tiny.py", course=course, state=tmp_path / "state")
    assert finished.returncode == 2
    assert "test_nothing has no docstring" in finished.stderr
    assert "Traceback" not in finished.stderr


def test_a_python_without_the_packages_is_told_which_one_has_them(tmp_path: Path) -> None:
    bare = tmp_path / "bare"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(bare)], check=True, timeout=120)
    done = subprocess.run(
        [bare / "bin/python", ROOT / "grade.py", "doctor"], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 1
    assert "Run `make setup` once, then: .venv/bin/python grade.py" in done.stderr
    assert "Traceback" not in done.stderr
