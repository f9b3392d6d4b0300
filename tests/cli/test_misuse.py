"""What is asked for wrongly is answered in one clear sentence, with exit status 2, before anything is started."""

import re
from collections.abc import Callable
from pathlib import Path

import click.testing
import pytest

from autograder.cli.staff import cli


@pytest.fixture
def ask(course: Path, tmp_path: Path) -> Callable[..., click.testing.Result]:
    """Call the command line in this process."""

    def ask(*args: object, course: Path = course) -> click.testing.Result:
        line = [str(arg) for arg in args]
        if line[0] in ("run", "batch", "doctor"):
            line += ["--course", str(course), "--state", str(tmp_path / "state")]
        return click.testing.CliRunner().invoke(cli, line, prog_name="grade.py", terminal_width=200)

    return ask


Ask = Callable[..., click.testing.Result]


@pytest.mark.parametrize("command", ["run", "batch", "doctor", "regrade", "flaky"])
def test_help_shows_an_example_that_names_the_command(ask: Ask, command: str) -> None:
    shown = ask(command, "--help")
    assert shown.exit_code == 0
    assert re.search(rf"Examples?:\n +python grade\.py {command}\b", shown.output)


def test_the_first_help_lists_commands_examples_and_exit_statuses(ask: Ask) -> None:
    shown = ask("--help")
    for words in ("batch", "doctor", "run", "python grade.py run", "Exit status: 0", "2 misuse"):
        assert words in shown.output


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["run", "basic", "."], "No exercise is named 'basic'"),
        (["run", "basic", "."], "Did you mean 'basics'? It has: basics."),
        (["run", "basics", "no/such/place"], "There is no file or folder no/such/place"),
        (["batch", "basics"], "Name an exercise and a folder: python grade.py batch SLUG FOLDER"),
        (["batch", "basics", "no/such/class"], "The folder `no/such/class` cannot be read: No such file or directory"),
        (["batch", "basic", "."], "Did you mean 'basics'?"),
        (["batch", "--all", "no/such/class"], "There is no folder no/such/class"),
        (["batch", "--all", "one", "two"], "With --all, name one folder"),
        (["batch", "basics", ".", "--jobs", "0"], "--jobs"),
    ],
)
def test_misuse_is_one_sentence_and_status_2(ask: Ask, args: list[str], words: str) -> None:
    answer = ask(*args)
    assert answer.exit_code == 2
    assert words in " ".join(answer.output.split())
    assert "Traceback" not in answer.output


def test_an_empty_class_is_misuse(ask: Ask, tmp_path: Path) -> None:
    (tmp_path / "class").mkdir()
    answer = ask("batch", "basics", tmp_path / "class")
    assert answer.exit_code == 2
    assert "holds no submission" in answer.output


def test_a_folder_named_after_no_exercise_is_misuse(ask: Ask, tmp_path: Path) -> None:
    (tmp_path / "class" / "basisc").mkdir(parents=True)
    answer = ask("batch", "--all", tmp_path / "class")
    assert answer.exit_code == 2
    assert "basisc is named after no exercise. They are: basics." in " ".join(answer.output.split())


def test_an_unknown_key_is_misuse_and_named(ask: Ask, tiny_course: Callable[..., Path]) -> None:
    course = tiny_course("def test_nothing(): pass", tail="[limits]\ncall_second = 1")
    answer = ask("run", "tiny", ".", course=course)
    assert answer.exit_code == 2
    assert "unknown key 'limits.call_second'. Did you mean 'call_seconds'?" in " ".join(answer.output.split())


def test_nothing_is_written_where_nothing_was_graded(ask: Ask, tmp_path: Path) -> None:
    ask("run", "basic", ".")
    ask("batch", "basics", "no/such/class")
    assert not (tmp_path / "state").exists()


def test_without_a_sandbox_nothing_is_graded(
    ask: Ask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, hand_in: Callable[..., Path], right: str
) -> None:
    hand_in(tmp_path / "class", "ada", right)
    monkeypatch.setenv("PATH", "/nonexistent")
    answer = ask("batch", "basics", tmp_path / "class")
    assert answer.exit_code == 1
    assert "bubblewrap is not installed" in answer.output and "--practice" in answer.output


def test_the_doctor_knows_the_machine_the_course_and_the_limits(ask: Ask) -> None:
    told = ask("doctor")
    assert told.exit_code == 0
    text = " ".join(told.output.split())
    for words in ("sandbox full", "GPU", "torch 2.", "basics: Basics, 11 points", "call_seconds", "10", "1 GiB"):
        assert words in text


def test_the_doctor_names_a_broken_exercise_and_goes_on(ask: Ask, tiny_course: Callable[..., Path]) -> None:
    course = tiny_course("def test_nothing(): pass", settings="pionts = 1")
    told = ask("doctor", course=course)
    assert "unknown key 'pionts'" in " ".join(told.output.split())


def test_the_doctor_is_not_content_without_a_sandbox(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    told = ask("doctor")
    assert told.exit_code == 1
    assert "bubblewrap is not installed" in " ".join(told.output.split())
