"""`grade.py audit` from end to end, on the small course."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import click.testing
import pytest

from autograder.cli.staff import cli

Grade = Callable[..., subprocess.CompletedProcess[str]]


def test_holes_are_printed_and_written_and_the_exit_status_is_1(grade_py: Grade, tmp_path: Path) -> None:
    done = grade_py("audit", "basics", "--seeds", 1, "--json", tmp_path / "audit.json", state=tmp_path / "state")
    assert done.returncode == 1, done.stderr
    (found,) = json.loads((tmp_path / "audit.json").read_text())
    assert found["slug"] == "basics" and found["seeds"] == 1
    missing = "reference/basics/mutants.toml has no mutants, so nothing shows that the suite catches a mistake."
    assert any(missing in hole for hole in found["holes"])
    assert missing[:60] in done.stdout
    assert done.stdout.splitlines()[-1] == f"1 exercise, {len(found['holes'])} holes in 1."


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
