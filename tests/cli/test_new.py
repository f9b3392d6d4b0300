"""`grade.py new` begins an exercise that is sound already, and takes the place of none."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import click.testing
import pytest

from autograder.cli.staff import cli

Grade = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def ask(tmp_path: Path) -> Callable[..., click.testing.Result]:
    """Call the command line in this process, on an empty course."""

    def ask(*args: str) -> click.testing.Result:
        return click.testing.CliRunner().invoke(cli, [*args, "--course", str(tmp_path)], terminal_width=200)

    return ask


@pytest.mark.long
def test_a_new_exercise_passes_its_audit_and_its_reference_gets_full_marks(
    ask: Callable[..., click.testing.Result], grade_py: Grade, tmp_path: Path
) -> None:
    made = ask("new", "batch_norm", "--title", "Batch normalisation")
    assert made.exit_code == 0, made.output
    listed = [line for line in made.output.splitlines() if "/" in line]
    assert listed == sorted(listed, key=listed.index) and len(listed) == 11
    assert all((tmp_path / line).is_file() for line in listed)

    audited = grade_py("audit", "batch_norm", state=tmp_path / "state", course=tmp_path)
    assert audited.returncode == 0, audited.stdout + audited.stderr
    assert "Batch normalisation (batch_norm)" in audited.stdout
    assert "100.0 %" in audited.stdout and "1 exercise, no hole." in audited.stdout

    reference = tmp_path / "reference/batch_norm/batch_norm.py"
    graded = grade_py("run", "batch_norm", reference, state=tmp_path / "state", course=tmp_path)
    assert graded.returncode == 0 and "5 / 5" in graded.stdout, graded.stdout + graded.stderr


def test_the_public_tests_of_a_new_exercise_pass_on_its_reference(
    ask: Callable[..., click.testing.Result], tmp_path: Path
) -> None:
    from autograder.assignment import load_kit
    from autograder.checking import open_check
    from autograder.submission import receive

    ask("new", "batch_norm")
    kit = tmp_path / "student_template/batch_norm"
    for name in ("assignments/batch_norm/assignment.toml", "reference/batch_norm/batch_norm.py"):
        (kit / Path(name).name).write_bytes((tmp_path / name).read_bytes())
    loaded = load_kit(kit)
    with open_check(loaded, receive(kit, loaded.module)) as check:
        assert [test.status for test in check.run().tests] == ["passed", "passed"]


@pytest.mark.parametrize("folder", ["assignments", "reference", "student_template"])
def test_an_exercise_that_is_there_is_left_alone(
    ask: Callable[..., click.testing.Result], tmp_path: Path, folder: str
) -> None:
    (tmp_path / folder / "batch_norm").mkdir(parents=True)
    refused = ask("new", "batch_norm")
    assert refused.exit_code == 2
    assert f"{folder}/batch_norm is there already. Choose another slug" in " ".join(refused.output.split())
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("slug", ["Batch", "2norm", "batch-norm", "class", "../norm", ""])
def test_a_slug_that_is_no_module_is_refused(ask: Callable[..., click.testing.Result], slug: str) -> None:
    refused = ask("new", slug)
    assert refused.exit_code == 2 and "cannot name an exercise" in refused.output


@pytest.mark.parametrize("title", ['A "title"', "a\\b", "two\nlines"])
def test_a_title_that_would_break_the_file_is_refused(ask: Callable[..., click.testing.Result], title: str) -> None:
    refused = ask("new", "batch_norm", "--title", title)
    assert refused.exit_code == 2 and "cannot be a title" in refused.output
