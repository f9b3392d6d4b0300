"""A students' repository with real branches, and what grades a pull request from it."""

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
COURSE = ROOT / "tests/golden/course"
STUB = "def add(a, b):\n    raise NotImplementedError\n"

Done = subprocess.CompletedProcess[str]


@dataclass
class Repository:
    """A students' repository for the course of `tests/golden/course`, whose only exercise is `basics`."""

    folder: Path

    def git(self, *words: str) -> str:
        done = subprocess.run(["git", *words], cwd=self.folder, env=self.environment(), capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def environment(self, **more: str) -> dict[str, str]:
        """Return an environment in which nothing of this machine's git, or of the CI that runs these tests, is left."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("GITHUB_", "GIT_"))}
        who = {
            f"GIT_{role}_{what}": "ada@example.org" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
        }
        return {**kept, **who, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "COLUMNS": "200", **more}

    def write(self, path: str, text: str | bytes) -> Path:
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text.encode() if isinstance(text, str) else text)
        return target

    def commit(self) -> str:
        """Commit everything as it is, and return the name of the commit."""
        self.git("add", "--all", "--force")
        self.git("commit", "--quiet", "--allow-empty", "-m", "Work")
        return self.git("rev-parse", "HEAD")

    def pr(self, *args: object, head: str = "HEAD", base: str = "main", **environment: str) -> Done:
        """Grade the pull request of `head` into `base`."""
        refs = [] if "--archive" in args else ["--base", base, "--head", head]
        places = ["--repo", self.folder, "--course", COURSE, "--state", self.folder.parent / "state"]
        line = [sys.executable, str(ROOT / "grade.py"), "pr", *map(str, [*refs, *args, *places])]
        given = self.environment(PYTHONWARNINGS="error", **environment)
        return subprocess.run(line, env=given, capture_output=True, text=True, timeout=240)


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """A repository on a branch `work`, which has nothing that `main` has not."""
    made = Repository(tmp_path / "students")
    made.folder.mkdir()
    made.git("init", "--quiet", "--initial-branch=main")
    made.write("basics/basics.py", STUB)
    made.write("basics/assignment.toml", (COURSE / "assignments/basics/assignment.toml").read_bytes())
    made.write("basics/test_public.py", "# the public tests\n")
    made.write("README.md", "# Exercises\n")
    made.commit()
    made.git("switch", "--quiet", "--create", "work")
    return made


@pytest.fixture(scope="session")
def right() -> str:
    """A right answer to `basics`."""
    return (COURSE / "reference/basics/basics.py").read_text(encoding="utf-8")


@pytest.fixture
def words() -> Callable[[str], str]:
    """Take the line breaks out of what a terminal wrapped."""
    return lambda text: " ".join(text.split())
