"""nbgrader is an extra: without it, its commands say how to get it."""

import importlib.util

import pytest
from click.testing import CliRunner

from autograder.cli.staff import cli


@pytest.mark.parametrize(
    "command", [("nbgrader", "init"), ("nbgrader", "grade", "a"), ("export", "nbgrader", "--to", "b")]
)
def test_a_command_that_needs_nbgrader_says_how_to_install_it(
    command: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name, *rest: None if name == "nbgrader" else found(name, *rest)
    )
    told = CliRunner().invoke(cli, command)
    assert told.exit_code == 2
    assert "nbgrader is not installed here. Install it: pip install 'autograder[nbgrader]'" in " ".join(
        told.output.split()
    )
