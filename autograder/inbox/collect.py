"""The staff's side of the inbox: takes what is new, safely kept before it is removed there.

What lies in the inbox may be anything. A file is opened without following a link and without waiting on a pipe; it is a
plain file with one name, of a size that may be graded; and it is read once.
"""

import contextlib
import os
import stat
from collections.abc import Collection, Generator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from autograder.container import LIMITS, shown
from autograder.course import Course
from autograder.errors import CourseError, GraderError
from autograder.inbox.drop import NAME

__all__ = ["Arrival", "account", "collect", "open_folders"]

INBOX_MODE = 0o1733
"""Everybody may add a file, nobody but the owner may list the folder, and nobody may move what is not theirs."""
FEEDBACK_MODE = 0o711


@dataclass(frozen=True)
class Arrival:
    """What was taken out of the inbox."""

    slug: str
    token: str
    account: str
    """The name of the account that owned it."""
    student: str
    """Who that is by the roster; empty for an account that the roster does not have."""
    arrived: datetime
    kept: Path
    """Where it is kept now."""


def open_folders(course: Course) -> tuple[Path, Path]:
    """Return the inbox and the feedback folder, made with the rights that they need where they are missing.

    Raises:
        CourseError: course.toml does not name both.
        GraderError: one of them cannot be made or read.
    """
    if course.inbox is None or course.feedback is None:
        raise CourseError(
            "course.toml names no inbox, or no feedback folder. Add `inbox` and `feedback`: two folders on a disk that "
            "students reach."
        )
    for folder, mode in ((course.inbox, INBOX_MODE), (course.feedback, FEEDBACK_MODE)):
        try:
            if not folder.exists():
                folder.mkdir(parents=True)
            about = folder.stat()
            if stat.S_ISDIR(about.st_mode) and stat.S_IMODE(about.st_mode) != mode:
                if about.st_uid != os.geteuid():
                    raise GraderError(
                        f"{folder} has the rights {stat.S_IMODE(about.st_mode):o}, with which students could read or "
                        f"change what is not theirs. Have its owner run: chmod {mode:o} {folder}"
                    )
                folder.chmod(mode)
            os.listdir(folder)
        except OSError as error:
            raise GraderError(
                f"{folder} cannot be opened: {error.strerror}. Run this as the user who owns the folder, or correct "
                "its name in course.toml."
            ) from error
    return course.inbox, course.feedback


def collect(
    inbox: Path, course: Course, slugs: Collection[str], kept: Path
) -> Generator[Arrival | str, bool | None, None]:
    """Yield what is new in the inbox, each kept in the folder `kept` and then removed; or a sentence for staff on what
    was left where it is.

    Killed at any moment, nothing is lost: the next call takes up what this one did not finish, with the same names.
    What is yielded is removed from the inbox when the next one is asked for: record it before that. Send True to have
    it left there all the same.

    Raises:
        GraderError: it cannot be kept, as on a full disk; it is still in the inbox.
    """
    for name in sorted(os.listdir(inbox)):
        if name.startswith("."):
            continue  # Being written.
        match = NAME.fullmatch(name)
        if match is None or match["slug"] not in slugs:
            what = "named after no exercise" if match else "not something that `autograder submit` left"
            yield f"{shown(name)} in the inbox is {what}; it was left there."
            continue
        try:
            data, about = _read(inbox / name)
        except OSError as error:
            yield f"{shown(name)} in the inbox was left there: {error.strerror}."
            continue
        owner = account(about.st_uid)
        person = course.by_login(owner)
        place = kept / match["slug"] / f"{match['token']}.zip"
        if place.exists() and place.read_bytes() != data:
            yield f"{shown(name)}, from {owner}, is not what came under this name before; it was left there."
            continue
        _keep(place, data)
        # The time of the last change of the inode: its owner can set the other two, and not this one.
        arrived = datetime.fromtimestamp(about.st_ctime_ns // 10**9, UTC)
        left = yield Arrival(match["slug"], match["token"], owner, person.student if person else "", arrived, place)
        if left:
            continue
        with contextlib.suppress(FileNotFoundError):
            (inbox / name).unlink()


def account(uid: int) -> str:
    """Return the name of an account, or its number where this machine has no name for it."""
    import pwd  # not everywhere that this package is installed

    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def _read(path: Path) -> tuple[bytes, os.stat_result]:
    """Read a plain file once, and what the kernel says about it.

    Raises:
        OSError: it is no plain file of its own, too large, or changed meanwhile; `strerror` says which.
    """
    if path.is_symlink():  # told by its name; should it become one only now, it is not followed either
        raise OSError(0, "it is a link")
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with open(descriptor, "rb") as file:
        about = os.fstat(descriptor)
        if not stat.S_ISREG(about.st_mode) or about.st_nlink != 1:
            raise OSError(0, "it is not a plain file with one name")
        data = file.read(LIMITS.archive_bytes + 1)
        if len(data) > LIMITS.archive_bytes:
            raise OSError(0, f"it is larger than {LIMITS.archive_bytes // 2**20} MiB")
        after = os.fstat(descriptor)
        if (after.st_ctime_ns, after.st_size) != (about.st_ctime_ns, len(data)):
            raise OSError(0, "it changed while it was read")
    return data, about


def _keep(path: Path, data: bytes) -> None:
    part = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with open(part, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, path)
    except OSError as error:
        with contextlib.suppress(OSError):
            part.unlink()
        raise GraderError(
            f"{path} cannot be written: {error.strerror}. Everything that was not collected is still in the inbox; "
            "make room, and run the same command again."
        ) from error
