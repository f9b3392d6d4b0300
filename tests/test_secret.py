"""A course's secret is made once, is for its owner only, and has a name that does not give it away."""

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from autograder.errors import GraderError
from autograder.secret import course_secret, secret_id


def test_a_secret_is_made_once_and_for_its_owner_only(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    secret = course_secret(folder)
    assert len(secret) >= 32
    assert course_secret(folder) == secret
    assert stat.S_IMODE((folder / "secret").stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_two_courses_have_two_secrets(tmp_path: Path) -> None:
    assert course_secret(tmp_path / "a") != course_secret(tmp_path / "b")


def test_a_name_of_a_secret_does_not_give_it_away(tmp_path: Path) -> None:
    secret = course_secret(tmp_path)
    name = secret_id(secret)
    assert name == secret_id(secret) != secret_id(secret + b"x")
    assert name not in secret.hex() and secret.hex()[:8] not in name


def test_a_short_secret_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"short")
    with pytest.raises(GraderError, match=r"shorter than 32 bytes\. Delete it to have a new one made"):
        course_secret(tmp_path)


def test_a_secret_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    os.mkdir(tmp_path / "secret")
    with pytest.raises(GraderError, match=r"secret cannot be read or made: .*--state"):
        course_secret(tmp_path)


def test_graders_that_start_at_the_same_moment_agree_on_the_secret(tmp_path: Path) -> None:
    with ThreadPoolExecutor(16) as graders:
        secrets = set(graders.map(lambda _: course_secret(tmp_path / "state"), range(64)))
    assert len(secrets) == 1
