"""The student's own receipts: what was handed in, and the key to its feedback."""

import contextlib
import os
from datetime import datetime
from pathlib import Path

import msgspec
import platformdirs

from autograder.errors import GraderError
from autograder.files import replace_file

__all__ = ["Receipt", "confirm", "forget", "receipts", "save"]


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """What a student keeps of one thing that they handed in."""

    course: str
    """The folder of the course."""
    slug: str
    token: str
    """Whoever has it can read the feedback."""
    digest: str
    """SHA-256 over names and contents, as the staff's records have it."""
    files: dict[str, int]
    """Sizes in bytes, by path."""
    submitted: datetime
    """By the student's own clock; what counts is when it arrived."""
    arrived: bool = True
    """Is it known to have arrived? Not where handing in was interrupted."""


def save(receipt: Receipt) -> Path:
    """Keep a receipt where its student alone can read it, and return where that is.

    Raises:
        GraderError: it cannot be written.
    """
    path = _path(receipt)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(descriptor, "wb") as file:
            file.write(_encoded(receipt))
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise GraderError(
            f"Nothing was handed in, because its receipt cannot be written to {path}: {error.strerror}. "
            "Make room there, or make it writable, and hand in again."
        ) from error
    return path


def confirm(receipt: Receipt) -> Receipt:
    """Note in a receipt that it has arrived, as far as its file can be written."""
    confirmed = msgspec.structs.replace(receipt, arrived=True)
    with contextlib.suppress(OSError):
        replace_file(_path(receipt), _encoded(confirmed), private=True, durable=True)
    return confirmed


def forget(receipt: Receipt) -> None:
    """Remove the receipt of something that was not handed in after all."""
    with contextlib.suppress(OSError):
        _path(receipt).unlink()


def receipts(course: Path) -> list[Receipt]:
    """Return the receipts of a course, the oldest first; one that cannot be read is passed over."""
    found = []
    for path in _folder().glob("*.json"):
        with contextlib.suppress(OSError, msgspec.DecodeError):
            receipt = msgspec.json.decode(path.read_bytes(), type=Receipt)
            if receipt.course == str(course):
                found.append(receipt)
    return sorted(found, key=lambda receipt: receipt.submitted)


def _encoded(receipt: Receipt) -> bytes:
    return msgspec.json.format(msgspec.json.encode(receipt), indent=1) + b"\n"


def _folder() -> Path:
    return platformdirs.user_data_path("autograder", appauthor=False) / "receipts"


def _path(receipt: Receipt) -> Path:
    return _folder() / f"{receipt.submitted:%Y-%m-%d-%H%M%S}-{receipt.slug}-{receipt.token[:8]}.json"
