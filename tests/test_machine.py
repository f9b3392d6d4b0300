"""What is said to do where a course's state belongs to somebody else."""

from pathlib import Path

import pytest

from autograder import machine

ROOTS = Path("/")
"""A folder of root's on every machine."""


def told(monkeypatch: pytest.MonkeyPatch, folder: Path, users: Path, *, contained: bool) -> str:
    monkeypatch.setattr(machine, "in_container", lambda: contained)
    monkeypatch.setattr(machine, "_USERS", users)
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    monkeypatch.setattr("os.getegid", lambda: 1001)
    return machine.other_state(folder)


@pytest.mark.parametrize(
    ("users", "contained", "advice"),
    [
        ("0 0 4294967295", False, "Give it to this user (chown 1000), or"),
        ("0 0 4294967295", True, "Give it to this user (chown 1000), or"),
        ("0 1001 1\n1 100000 65536", False, "Give it to this user (chown 1000), or"),
        ("0 1001 1\n1 100000 65536", True, "Start the container with --userns keep-id:uid=1000,gid=1001, or"),
    ],
)
def test_the_flag_is_that_of_whoever_started_the_container(
    users: str, contained: bool, advice: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "uid_map").write_text(users)
    sentence = told(monkeypatch, ROOTS, tmp_path / "uid_map", contained=contained)
    assert sentence.startswith(f"/ belongs to user 0, and this is user 1000. {advice} name another folder")


def test_a_folder_that_cannot_be_looked_at_is_only_replaced(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    sentence = told(monkeypatch, tmp_path / "missing", tmp_path / "missing", contained=True)
    assert sentence == "Name another folder with --state."
