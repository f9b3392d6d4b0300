"""`grade.py audit` from end to end, on the small course."""

import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import click.testing
import pytest

from autograder.cli.staff import cli

COURSE = Path(__file__).parents[1] / "golden/course"

Grade = Callable[..., subprocess.CompletedProcess[str]]


@pytest.mark.long
def test_holes_are_printed_and_written_and_the_exit_status_is_1(grade_py: Grade, tmp_path: Path) -> None:
    done = grade_py("audit", "basics", "--seeds", 1, "--json", tmp_path / "audit.json", state=tmp_path / "state")
    assert done.returncode == 1, done.stderr
    (found,) = json.loads((tmp_path / "audit.json").read_text())
    assert found["slug"] == "basics" and found["seeds"] == 1
    missing = "reference/basics/mutants.toml has no mutants, so nothing shows that the suite catches a mistake."
    assert any(missing in hole for hole in found["holes"])
    assert missing[:60] in done.stdout
    assert done.stdout.splitlines()[-1] == f"1 exercise, {len(found['holes'])} holes in 1."


@pytest.mark.long
def test_an_audit_makes_no_secret_of_the_course(grade_py: Grade, tmp_path: Path) -> None:
    grade_py("audit", "basics", "--seeds", 1, state=tmp_path / "state")
    assert not (tmp_path / "state").exists()


@pytest.mark.parametrize(
    ("args", "words"),
    [
        ([], "Name exercises, or all of them"),
        (["basics", "--all"], "Name exercises, or all of them"),
        (["basic"], "Did you mean 'basics'?"),
    ],
)
def test_misuse_is_one_sentence_and_status_2(course: Path, args: list[str], words: str) -> None:
    answer = click.testing.CliRunner().invoke(cli, ["audit", *args, "--course", str(course)], terminal_width=200)
    assert answer.exit_code == 2
    assert words in " ".join(answer.output.split())


def test_an_exercise_that_cannot_be_read_is_a_hole_and_stops_no_other(grade_py: Grade, tmp_path: Path) -> None:
    for slug in ("first", "second"):
        folder = tmp_path / "course/assignments" / slug
        folder.mkdir(parents=True)
        (folder / "assignment.toml").write_text("format_version = 1\n", encoding="utf-8")
    done = grade_py("audit", "--all", state=tmp_path / "state", course=tmp_path / "course")
    assert done.returncode == 1, done.stderr
    assert done.stdout.count("Object missing required field `title`") == 2
    assert done.stdout.splitlines()[-1] == "2 exercises, 2 holes in 2."


def test_ctrl_c_keeps_what_is_done_and_leaves_nothing_running(
    command: Callable[..., list[str]],
    my_processes: Callable[[], dict[int, str]],
    wait_for_end: Callable[..., None],
    tmp_path: Path,
) -> None:
    """The first exercise cannot be read, and so is done at once; of the second there is a lot to grade."""
    folder = tmp_path / "course"
    shutil.copytree(COURSE, folder)
    (folder / "assignments/a_broken_one").mkdir()
    (folder / "assignments/a_broken_one/assignment.toml").write_text("format_version = 1\n", encoding="utf-8")
    before = my_processes().keys()
    line = command("audit", "--all", "--seeds", 5000, "--jobs", 1, state=tmp_path / "state", course=folder)
    process = subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True)
    try:
        deadline = time.monotonic() + 120
        # A slot has a zygote, so grading is near.
        while not any("bwrap" in line for number, line in my_processes().items() if number not in before):
            assert time.monotonic() < deadline and process.poll() is None
            time.sleep(0.1)
        mine = my_processes().keys() - before
        os.killpg(process.pid, signal.SIGINT)
        shown, said = process.communicate(timeout=60)
    finally:
        process.kill()
        process.communicate()
    assert process.returncode == 130
    assert "1 exercise, 1 hole in 1." in shown and "Stopped. 1 of 2 are done." in said
    assert "Traceback" not in said
    wait_for_end(mine)
