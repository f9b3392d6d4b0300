"""`grade.py export`: from the store or a file of results to a file for another system."""

import csv
import io
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click.testing
import msgspec
import pytest

from autograder.cli.staff import cli
from autograder.result import Result, Status, to_json
from autograder.store import Received, Store

Ask = Callable[..., click.testing.Result]

RULES = """
format_version = 1
title = "Deep learning"
roster = "roster.csv"

[deadlines]
basics = 2026-12-04T12:00:00Z

[late]
percent_per_day = 10
"""
ROSTER = "student,first_name,last_name,email,canvas_id\nada,Ada,Ünsal,ada@x.org,11\nbo,Bo,O,bo@x.org,12\nzoe,,,,\n"


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "state"


@pytest.fixture
def ask(course: Path, tmp_path: Path, state: Path) -> Ask:
    """Call `grade.py export` in this process, for a course with a roster and a deadline."""
    (tmp_path / "course.toml").write_text(RULES, encoding="utf-8")
    (tmp_path / "roster.csv").write_text(ROSTER, encoding="utf-8")

    def ask(*args: object) -> click.testing.Result:
        places = ["--course", course, "--state", state, "--rules", tmp_path / "course.toml"]
        line = ["export", *map(str, args), *map(str, places)]
        return click.testing.CliRunner().invoke(cli, line, prog_name="grade.py", terminal_width=200)

    return ask


@pytest.fixture
def basics(result: Callable[..., Result]) -> Callable[..., Result]:
    """Make a result in the only exercise of the course."""

    def basics(student: str, *statuses: Status, **fields: Any) -> Result:
        return result(student, *statuses, **{"slug": "basics", "title": "Basics", **fields})

    return basics


@pytest.fixture
def stored(state: Path, basics: Callable[..., Result]) -> None:
    """Ada handed in twice, the second and better time a day late; of Bo's, a test is ungraded; Eve is a stranger."""
    store = Store(state)
    first = basics("ada", Status.FAILED, Status.FAILED)
    second = basics("ada", Status.PASSED, Status.PASSED, attempt=2)
    second = msgspec.structs.replace(second, submission=msgspec.structs.replace(second.submission, digest="1" * 64))
    for one in (first, second, basics("bo", Status.PASSED, Status.UNGRADED), basics("eve", Status.PASSED)):
        store.record(one)
    late = datetime(2026, 12, 5, 11, 0, tzinfo=UTC)
    store.receive(Received(name="two", slug="basics", student="ada", arrived=late, digest="1" * 64))
    store.close()


def records(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))


@pytest.mark.usefixtures("stored")
def test_what_counts_comes_from_the_store_under_the_rules_of_the_course(ask: Ask, tmp_path: Path) -> None:
    answer = ask("csv", "--to", tmp_path / "grades.csv")
    assert answer.exit_code == 0, answer.output
    assert f"Export: {tmp_path / 'grades.csv'}" in answer.output
    rows = {row["student"]: row for row in records(tmp_path / "grades.csv")}
    assert {who: (row["state"], row["points"], row["attempt"]) for who, row in rows.items()} == {
        "ada": ("graded", "1.8", "2"),
        "bo": ("ungraded", "", "1"),
        "eve": ("graded", "1", "1"),
        "zoe": ("missing", "", ""),
    }
    assert (rows["ada"]["raw_points"], rows["ada"]["penalty"], rows["ada"]["hours_late"]) == ("2", "0.2", "23")
    assert rows["ada"]["last_name"] == "Ünsal"


@pytest.mark.usefixtures("stored")
@pytest.mark.parametrize("format_", ["csv", "parquet", "canvas", "moodle", "junit"])
def test_the_same_store_gives_the_same_bytes(ask: Ask, tmp_path: Path, format_: str) -> None:
    key = ["--key", "email"] if format_ == "moodle" else []
    for name in ("one", "two"):
        assert ask(format_, "basics", *key, "--to", tmp_path / name).exit_code == 0
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes() != b""


@pytest.mark.usefixtures("stored")
def test_notes_are_said_once_the_file_is_written(ask: Ask, tmp_path: Path) -> None:
    answer = ask("canvas", "--canvas-id", "basics=77", "--to", tmp_path / "canvas.csv")
    assert answer.exit_code == 0
    assert "Note: The roster has no canvas_id, sis_user_id or sis_login_id for 1 student (eve)." in answer.output
    assert "Basics (77)" in (tmp_path / "canvas.csv").read_text(encoding="utf-8-sig")


@pytest.mark.usefixtures("stored")
def test_a_row_for_each_test(ask: Ask, tmp_path: Path) -> None:
    assert ask("csv", "--tests", "--to", tmp_path / "tests.csv").exit_code == 0
    rows = records(tmp_path / "tests.csv")
    assert [(row["student"], row["test"], row["points"]) for row in rows][-3:] == [
        ("bo", "test_0", "1"),
        ("bo", "test_1", ""),
        ("eve", "test_0", "1"),
    ]


def test_a_file_of_results_takes_the_place_of_the_store(
    ask: Ask, tmp_path: Path, basics: Callable[..., Result], result: Callable[..., Result]
) -> None:
    results = [basics("ada", Status.FAILED), basics("ada", Status.PASSED, attempt=2), result("ada", Status.PASSED)]
    (tmp_path / "results.json").write_bytes(msgspec.json.encode(results))
    assert ask("csv", "basics", "--from", tmp_path / "results.json", "--to", tmp_path / "a.csv").exit_code == 0
    assert [(row["exercise"], row["points"]) for row in records(tmp_path / "a.csv")] == [("basics", "1")]
    assert ask("csv", "--from", tmp_path / "results.json", "--to", tmp_path / "b.csv").exit_code == 0
    assert [row["exercise"] for row in records(tmp_path / "b.csv")] == ["basics", "toy"]


def test_a_file_that_knows_no_times_says_that_lateness_takes_nothing(
    ask: Ask, tmp_path: Path, basics: Callable[..., Result]
) -> None:
    (tmp_path / "result.json").write_bytes(to_json(basics("ada", Status.PASSED)))
    words = "result.json does not say when submissions came, so lateness takes no points here. The store knows"
    line = ["csv", "--from", tmp_path / "result.json", "--to", tmp_path / "a.csv"]
    assert words in ask(*line).output
    assert words not in ask("gradescope", *line[1:]).output
    (tmp_path / "course.toml").write_text('format_version = 1\ntitle = "Deep learning"\n', encoding="utf-8")
    assert words not in ask(*line).output


def test_where_the_last_attempt_counts_its_place_in_the_file_does_not(
    ask: Ask, tmp_path: Path, basics: Callable[..., Result]
) -> None:
    (tmp_path / "course.toml").write_text(f'{RULES}\n[attempts]\ncounts = "last"\n', encoding="utf-8")
    results = [basics("ada", Status.FAILED, attempt=3), basics("ada", Status.PASSED, attempt=2)]
    (tmp_path / "results.json").write_bytes(msgspec.json.encode(results))
    assert ask("csv", "--from", tmp_path / "results.json", "--to", tmp_path / "a.csv").exit_code == 0
    assert [(row["attempt"], row["points"]) for row in records(tmp_path / "a.csv")] == [("3", "0")]


@pytest.mark.parametrize("format_", ["gradescope", "prairielearn"])
def test_a_single_result_becomes_a_results_json(
    ask: Ask, tmp_path: Path, basics: Callable[..., Result], format_: str
) -> None:
    (tmp_path / "result.json").write_bytes(to_json(basics("ada", Status.PASSED, Status.FAILED)))
    assert ask(format_, "--from", tmp_path / "result.json", "--to", tmp_path / "results.json").exit_code == 0
    assert (
        json.loads((tmp_path / "results.json").read_bytes())["score"]
        == {"gradescope": 1.0, "prairielearn": 0.5}[format_]
    )


@pytest.mark.usefixtures("stored")
def test_a_file_that_is_there_stays_when_the_export_fails(ask: Ask, tmp_path: Path) -> None:
    (tmp_path / "moodle.csv").write_text("old")
    assert ask("moodle", "--to", tmp_path / "moodle.csv").exit_code == 2
    assert (tmp_path / "moodle.csv").read_text() == "old"


@pytest.mark.usefixtures("stored")
@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["cvs"], "There is no format 'cvs'. Did you mean 'csv'? There are: csv, parquet, canvas,"),
        (["csv", "basic"], "No exercise is named 'basic'"),
        (
            ["csv", "--from", "{here}/none.json"],
            "none.json cannot be read: No such file or directory. Name a file that",
        ),
        (["csv", "--from", "{here}/empty.json"], "empty.json holds no result. Name a file that --json of run or batch"),
        (
            ["csv", "basic", "--from", "{here}/one.json"],
            "has no result of 'basic'. Did you mean 'basics'? It has: basics.",
        ),
        (
            ["csv", "--from", "{here}/practice.json"],
            "practice marks of 1 student (ada): no sandbox held those submissions",
        ),
        (["csv", "--practice"], "Practice marks are not valid, and no gradebook gets them. Leave out --practice."),
        (["junit", "--tests"], "--tests is for csv and parquet, and means nothing for junit. Leave it out."),
        (["csv", "--key", "email"], "--key is for moodle, and means nothing for csv."),
        (["csv", "--feedback"], "--feedback is for moodle"),
        (["csv", "--canvas-id", "basics=1"], "--canvas-id is for canvas"),
        (["canvas", "--canvas-id", "basics"], "--canvas-id basics: write SLUG=NUMBER, each number once."),
        (
            ["canvas", "--canvas-id", "a=1", "--canvas-id", "b=1"],
            "--canvas-id b=1: write SLUG=NUMBER, each number once.",
        ),
        (["canvas", "--canvas-id", "basic=1"], "names 'basic', which is not exported. Did you mean 'basics'?"),
        (["gradescope"], "A results.json for gradescope speaks of one submission, and there are 3 here. Name one with"),
        (["prairielearn"], "takes no file for a class; grades of a class are csv, canvas or moodle."),
        (["gradescope-zip"], "A zip for Gradescope holds one exercise: python grade.py export gradescope-zip SLUG"),
    ],
)
def test_misuse_is_one_sentence_and_status_2(
    ask: Ask, tmp_path: Path, basics: Callable[..., Result], args: list[str], words: str
) -> None:
    (tmp_path / "empty.json").write_text("[]")
    (tmp_path / "one.json").write_bytes(to_json(basics("ada", Status.PASSED)))
    (tmp_path / "practice.json").write_bytes(to_json(basics("ada", Status.PASSED, valid=False)))
    answer = ask(*(arg.format(here=tmp_path) for arg in args), "--to", tmp_path / "out")
    assert answer.exit_code == 2
    assert words in " ".join(answer.output.split())
    assert not (tmp_path / "out").exists()


def test_a_store_without_a_result_says_what_to_do(ask: Ask, tmp_path: Path, state: Path) -> None:
    answer = ask("canvas", "--to", tmp_path / "out")
    assert answer.exit_code == 2
    assert f"The store in {state} holds no valid result of basics. Grade first (grade.py batch," in answer.output


def test_results_that_are_damaged_say_so(ask: Ask, tmp_path: Path, basics: Callable[..., Result]) -> None:
    (tmp_path / "half.json").write_bytes(to_json(basics("ada", Status.PASSED))[:-20])
    answer = ask("csv", "--from", tmp_path / "half.json", "--to", tmp_path / "out")
    assert answer.exit_code == 1
    assert "half.json does not hold results: " in answer.output
    assert "It is damaged, or another version wrote it; grade again with --json." in answer.output


@pytest.mark.usefixtures("stored")
def test_a_place_that_cannot_be_written_says_so(ask: Ask, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    answer = ask("csv", "--to", tmp_path / "folder")
    assert answer.exit_code == 1
    assert f"{tmp_path / 'folder'} cannot be written: Is a directory. Name another place with --to." in answer.output
    assert list((tmp_path / "folder").iterdir()) == []


def test_help_names_every_format_and_shows_examples(ask: Ask) -> None:
    from autograder.cli.export import FORMATS

    shown = ask("--help").output
    for name in FORMATS:
        assert name in shown
    assert "python grade.py export canvas" in shown
