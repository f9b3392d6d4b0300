"""`grade.py runtimes`: what is installed, and what is asked for wrongly."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.sandbox.runtime import NAMES

GradePy = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(autouse=True)
def _in_the_state(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AUTOGRADER_RUNTIMES", raising=False)


def test_every_runtime_is_listed_with_what_it_has_or_how_to_install_it(grade_py: GradePy, tmp_path: Path) -> None:
    shown = grade_py("runtimes", state=tmp_path)
    assert shown.returncode == 0, shown.stderr
    lines = {line.split()[0]: line for line in shown.stdout.splitlines()}
    assert set(NAMES) <= lines.keys()
    assert "torch 2." in lines["torch"]
    for name in NAMES[1:]:
        assert f"not installed: python grade.py runtimes install {name}" in lines[name]


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["jaxx"], "There is no runtime 'jaxx'. Did you mean 'jax'?"),
        ([], "Name the runtimes to install (jax, tensorflow, keras, mxnet, cntk), or give --all."),
        (["torch"], "The runtime torch is part of the grader's own environment; `make setup` installs it."),
        (["cntk", "--python", "/no/python"], "/no/python is no Python 3.6 that can make virtual environments."),
    ],
)
def test_what_cannot_be_installed_is_said_with_status_2(
    grade_py: GradePy, tmp_path: Path, args: list[str], words: str
) -> None:
    answer = grade_py("runtimes", "install", *args, state=tmp_path)
    assert answer.returncode == 2
    assert words in answer.stderr and "Traceback" not in answer.stderr
