"""Reads a hostile git repository: names and bytes of commits, and nothing else.

Git runs without the settings of this machine and with those settings of the repository switched off by which it would
run a program, follow a link or reach the network. Nothing is checked out.
"""

import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.container import LIMITS
from autograder.errors import GraderError, SubmissionError, UsageError

__all__ = ["Entry", "Repository"]

_SECONDS = 60.0
_OUTPUT_BYTES = 64 * 2**20
_SWITCHED_OFF = (
    *("-c", "core.hooksPath=/dev/null"),
    *("-c", "core.fsmonitor=false"),
    *("-c", "core.attributesFile=/dev/null"),
    *("-c", "core.quotePath=false"),
    *("-c", "core.pager=cat"),
    *("-c", "protocol.allow=never"),
    *("-c", "diff.external="),
    *("-c", "submodule.recurse=false"),
    *("-c", "safe.directory=*"),
    *("-c", "gc.auto=0"),
)


@dataclass(frozen=True)
class Entry:
    """A file in a commit."""

    path: str
    """Relative to the folder that was asked for; empty where that is no folder, but this."""
    mode: str
    """As git has it: 100644 and 100755 are plain files, 120000 a link, 160000 a submodule."""
    blob: str
    size: int

    @property
    def is_plain(self) -> bool:
        """Is it a plain file?"""
        return self.mode in ("100644", "100755")

    @property
    def kind(self) -> str:
        """What it is, in a word."""
        return {"120000": "link", "160000": "submodule"}.get(self.mode, "file")


class Repository:
    """A git repository, read-only."""

    def __init__(self, folder: Path) -> None:
        """Open the repository that `folder` lies in.

        Raises:
            UsageError: it is none, or git is not installed.
        """
        self._folder = folder
        self._git("rev-parse", "--git-dir", wrong=f"{folder} is no git repository. Name one with --repo.")

    def commit(self, ref: str) -> str:
        """Return the full name of the commit that a ref stands for.

        Raises:
            UsageError: there is none.
        """
        wrong = f"{ref!r} is no commit of {self._folder}. Fetch it first; in a workflow, check out with fetch-depth: 0."
        data = self._git("rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}", wrong=wrong)
        return data.decode().strip()

    def merge_base(self, base: str, head: str) -> str:
        """Return the commit from which two commits went apart.

        Raises:
            UsageError: they have none in common, as in a shallow clone.
        """
        wrong = (
            f"{base[:12]} and {head[:12]} have no commit in common here. Fetch the whole history; in a workflow, check "
            "out with fetch-depth: 0."
        )
        return self._git("merge-base", base, head, wrong=wrong).decode().strip()

    def changed(self, base: str, head: str) -> list[str]:
        """Return the paths that differ between two commits; a renamed file counts as one removed and one added."""
        options = ("--name-only", "-z", "--no-renames", "--no-ext-diff", "--no-textconv", "--ignore-submodules=all")
        return _names(self._git("diff-tree", "-r", *options, base, head, "--"))

    def entries(self, commit: str, folder: str) -> list[Entry]:
        """Return the files below a folder of a commit; where a file or a link stands in its place, that alone."""
        found = []
        for line in _names(self._git("ls-tree", "-r", "-z", "--long", "--full-tree", commit, "--", folder)):
            about, _, path = line.partition("\t")
            mode, _, blob, size = about.split()
            found.append(
                Entry(path.removeprefix(folder).removeprefix("/"), mode, blob, int(size) if size.isdigit() else 0)
            )
        return found

    def read(self, entries: Sequence[Entry]) -> list[bytes]:
        """Return the contents of plain files.

        Raises:
            SubmissionError: they are too large together.
        """
        if sum(entry.size for entry in entries) > LIMITS.archive_bytes:
            raise SubmissionError(
                f"The files are too large to be graded: more than {LIMITS.archive_bytes // 2**20} MiB. "
                "Leave out data sets, trained weights and environments, and push again."
            )
        asked = "".join(f"{entry.blob}\n" for entry in entries).encode()
        data = self._git("cat-file", "--batch", given=asked)
        contents, place = [], 0
        for entry in entries:
            begin = data.index(b"\n", place) + 1
            place = begin + entry.size + 1
            contents.append(data[begin : place - 1])
        return contents

    def _git(self, *words: str, wrong: str = "", given: bytes = b"") -> bytes:
        command = ["git", "--no-pager", "--literal-pathspecs", *_SWITCHED_OFF, *words]
        try:
            done = subprocess.run(
                command, cwd=self._folder, env=_environment(), input=given, capture_output=True, timeout=_SECONDS
            )
        except FileNotFoundError as error:
            missing = f"There is no folder {self._folder}" if not self._folder.is_dir() else "git is not installed"
            raise UsageError(f"{missing}. Name a repository with --repo, on a machine with git.") from error
        except (subprocess.TimeoutExpired, OSError) as error:
            raise GraderError(f"git {words[0]} in {self._folder} did not end well: {error}. Try again.") from error
        if len(done.stdout) > _OUTPUT_BYTES:
            raise GraderError(
                f"git {words[0]} in {self._folder} gives more than {_OUTPUT_BYTES // 2**20} MiB, which no pull request "
                "of exercises needs. Look at what it changes."
            )
        if done.returncode != 0:
            if wrong:
                raise UsageError(wrong)
            said = done.stderr.decode(errors="replace").strip().split("\n")[-1]
            raise GraderError(f"git {words[0]} failed in {self._folder}: {said}. Is the repository damaged?")
        return done.stdout


def _environment() -> dict[str, str]:
    """Return an environment in which git reads no settings of this machine and asks nobody anything."""
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": "/nonexistent",
        "LC_ALL": "C",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_ATTR_NOSYSTEM": "1",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_NO_REPLACE_OBJECTS": "1",
    }


def _names(data: bytes) -> list[str]:
    return [name.decode("utf-8", "surrogateescape") for name in data.split(b"\0") if name]
