"""What git is asked, where the real repository of tests/github/test_pr.py does not reach."""

from typing import Any

import pytest

from autograder.errors import GraderError
from autograder.github import git


def test_a_change_that_is_too_large_to_be_listed_is_refused(repository: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = git.Repository(repository.folder)
    commit = opened.commit("main")
    monkeypatch.setattr(git, "_OUTPUT_BYTES", 10)
    with pytest.raises(GraderError, match="gives more than 0 MiB, which no pull request of exercises needs"):
        opened.entries(commit, "basics")


def test_a_damaged_repository_is_named_with_what_git_says(repository: Any) -> None:
    opened = git.Repository(repository.folder)
    with pytest.raises(GraderError, match=r"git diff-tree failed in .*: fatal: .* Is the repository damaged\?"):
        opened.changed("0" * 40, "1" * 40)
