"""The student's side of the inbox: packs a submission and leaves it there, whole or not at all."""

import contextlib
import errno
import io
import os
import re
import secrets
import zipfile
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from autograder.container import Contents, read
from autograder.errors import GraderError

__all__ = ["NAME", "Package", "archived", "drop", "name_of", "new_token", "pack"]

NAME = re.compile(r"(?P<slug>[a-z0-9_]+)\+(?P<token>[0-9a-f]{32})\.zip")
"""How what was handed in is called in the inbox."""

_EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Package:
    """What is sent: the files as they are, and the archive that they travel in."""

    files: Mapping[str, bytes]
    """Relative path to content, without what is never graded."""
    notes: tuple[str, ...]
    """What was left out or renamed, in sentences."""
    archive: bytes
    """A zip; the same files give the same bytes."""


def pack(path: Path, module: str, *, passed_over: Collection[str] = ()) -> Package:
    """Pack a file, folder, archive or notebook. Receiving the package gives the submission that `path` gives.

    `passed_over` are paths that are left out without a note.

    Raises:
        SubmissionError: something in it cannot be handed in.
        OSError: it cannot be read.
    """
    contents = Contents(passed_over)
    read(path, f"{module}.py", contents)
    files = dict(sorted(contents.files.items()))
    return Package(files, tuple(contents.notes + contents.notes_on_ignored()), archived(files))


def archived(files: Mapping[str, bytes]) -> bytes:
    """Return a zip of files; the same files give the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in sorted(files.items()):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.external_attr = 0o100644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)
    return buffer.getvalue()


def new_token() -> str:
    """Return a name that nobody can guess."""
    return secrets.token_hex(16)


def name_of(slug: str, token: str) -> str:
    """Return how something is called in the inbox."""
    return f"{slug}+{token}.zip"


def drop(inbox: Path, slug: str, token: str, archive: bytes) -> None:
    """Leave an archive in the inbox. Its token is the key to its feedback.

    When this returns, the file is there, whole, and on the disk; when it raises, nothing is.

    Raises:
        GraderError: the inbox cannot be written, or the disk is full.
    """
    part, whole = inbox / f".{token}.part", inbox / name_of(slug, token)
    try:
        # Others may read it, because staff need not be root; but none of them can list the folder, or guess the name.
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
        try:
            with open(descriptor, "wb") as file:
                os.chmod(part, 0o644)
                file.write(archive)
                file.flush()
                os.fsync(file.fileno())
            if part.read_bytes() != archive:
                raise OSError(errno.EIO, "what was written reads back differently")
            os.rename(part, whole)
        except BaseException:
            with contextlib.suppress(OSError):
                part.unlink()
            raise
    except OSError as error:
        raise GraderError(
            f"Nothing was handed in: {inbox} cannot take it ({error.strerror}). "
            "Your work is unchanged. Try again, and tell the course's staff if it stays so."
        ) from error
    _sync(whole)


def _sync(path: Path) -> None:
    """Have a file's new name on the disk too. Students may not open the folder for that."""
    with contextlib.suppress(OSError):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
