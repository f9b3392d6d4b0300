"""Gradescope's autograder zip: the grader with one exercise, what installs it, and what runs it.

It holds the hidden suite and the reference: it is for Gradescope, and for no student.
"""

import hashlib
import hmac
import io
import tomllib
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import autograder
from autograder.assignment import Assignment
from autograder.errors import UsageError

__all__ = ["build"]

_PACKAGE = Path(autograder.__file__).parent
_PROJECT = _PACKAGE.parent
_SCRIPTS = Path(__file__).parent / "gradescope_files"
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a zip can hold: the same course gives the same bytes."""


def build(assignment: Assignment, secret: bytes) -> bytes:
    """Return the zip for one exercise.

    Hidden inputs are drawn from a secret of this exercise's own, derived from the course's, so that all students get
    the same and the course's secret stays at home.

    Raises:
        UsageError: this grader lacks the files that pin its packages.
    """
    files = {name: (_SCRIPTS / name).read_bytes() for name in ("setup.sh", "run_autograder")}
    files |= {"constraints.txt": _pinned("constraints.txt"), "requirements.txt": _requirements()}
    files |= _tree(_PACKAGE, _PROJECT)
    files |= _tree(assignment.hidden, assignment.root)
    toml = assignment.folder / "assignment.toml"
    for path in (toml, *sorted(assignment.reference.parent.glob("*.py"))):
        files[path.relative_to(assignment.root).as_posix()] = path.read_bytes()
    files[".autograder/secret"] = hmac.digest(secret, f"gradescope\0{assignment.slug}".encode(), hashlib.sha256)
    return _zip(files)


def _requirements() -> bytes:
    project = tomllib.loads(_pinned("pyproject.toml").decode())["project"]
    return "".join(f"{line}\n" for line in project["dependencies"]).encode()


def _pinned(name: str) -> bytes:
    try:
        return (_PROJECT / name).read_bytes()
    except OSError as error:
        raise UsageError(
            f"{_PROJECT / name} cannot be read: {error.strerror}. A zip for Gradescope is made from it; run this in a "
            "checkout of the grader."
        ) from error


def _tree(folder: Path, base: Path) -> dict[str, bytes]:
    return {path.relative_to(base).as_posix(): path.read_bytes() for path in _sources(folder)}


def _sources(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix != ".pyc":
            yield path


def _zip(files: Mapping[str, bytes]) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(files.items()):
            entry = zipfile.ZipInfo(name, _FIRST_DAY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            # Ordinary files; those that Gradescope starts, and the secret, as they must be.
            mode = 0o755 if name in ("setup.sh", "run_autograder") else 0o600 if name.startswith(".") else 0o644
            entry.external_attr = (0o100000 | mode) << 16
            archive.writestr(entry, content)
    return whole.getvalue()
