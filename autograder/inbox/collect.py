"""The staff's side of the inbox: takes what is new, safely kept before it is removed there.

What lies in the inbox may be anything. A file is opened without following a link and without waiting on a pipe; it is a
plain file with one name, of a size that may be graded; and it is read once. Each account has its turn: one that leaves
thousands of files delays nobody but itself.
"""

import contextlib
import errno
import os
import re
import stat
from collections import defaultdict, deque
from collections.abc import Callable, Collection, Generator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from autograder.container import LIMITS, shown
from autograder.course import Course
from autograder.errors import CourseError, GraderError
from autograder.inbox.drop import NAME

__all__ = ["IN_TURN", "Arrival", "Left", "account", "collect", "open_folders"]

INBOX_MODE = 0o1733
"""Everybody may add a file, nobody but the owner may list the folder, and nobody may move what is not theirs."""
FEEDBACK_MODE = 0o711
IN_TURN = 3
"""So many files of one account are taken at a time."""

_TRIED = 50
"""So many files of one account are opened at a time."""
_UNFINISHED = re.compile(r"\.[0-9a-f]{32}\.part")
_ABANDONED_SECONDS = 24 * 60 * 60
"""What has been unfinished for so long is finished no more."""


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


@dataclass(frozen=True)
class Left:
    """What was left in the inbox."""

    name: str
    why: str
    """A sentence for staff."""
    held_back: bool = False
    """Did its owner keep it from being read, in a way that its times do not show?"""


@dataclass(frozen=True)
class _Entry:
    name: str
    slug: str
    token: str


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
    inbox: Path,
    course: Course,
    slugs: Collection[str],
    kept: Path,
    *,
    others: Collection[str] = (),
    room: Callable[[str, int], str] = lambda student, size: "",
) -> Generator[Arrival | Left, bool | None, bool]:
    """Yield what is new in the inbox, each kept in the folder `kept` and then removed; or what was left where it is.
    Return whether there is more, for a next call: each account has its turn, in the order of what it left.

    Killed at any moment, nothing is lost: the next call takes up what this one did not finish, with the same names.
    What is yielded is removed from the inbox when the next one is asked for: record it before that. Send True to have
    it left there all the same.

    Args:
        inbox: the folder.
        course: tells who has which account.
        slugs: the exercises for which work is taken.
        kept: where it is kept.
        others: exercises for which it is left there without a word.
        room: is given a student (or an account that is nobody's) and a size in bytes, and says why that cannot be
            kept too; nothing where it can.

    Raises:
        GraderError: it cannot be kept, as on a full disk; it is still in the inbox.
    """
    entries, strange = _look(inbox, slugs, others)
    for one in strange:  # noqa: UP028 (a list takes nothing that is sent)
        yield one
    taken = 0
    for theirs in [theirs for _ in range(IN_TURN) for theirs in entries]:
        for _ in range(min(_TRIED, len(theirs))):
            entry = theirs.popleft()
            found = _take(inbox, course, kept, entry, room)
            left = yield found
            if isinstance(found, Arrival) and not left:
                with contextlib.suppress(OSError):  # Its owner may have moved it, or put a folder in its place.
                    (inbox / entry.name).unlink()
                taken += 1
                break
    return taken > 0 and any(entries)


def _look(inbox: Path, slugs: Collection[str], others: Collection[str]) -> tuple[list[deque[_Entry]], list[Left]]:
    """Return what each account has left there, the oldest first, and what is not for us."""
    found, strange = [], []
    for name in sorted(os.listdir(inbox)):
        try:
            about = os.lstat(inbox / name)
        except OSError:
            continue
        match = NAME.fullmatch(name)
        if match and match["slug"] in slugs:
            found.append((about.st_uid, about.st_ctime_ns, _Entry(name, match["slug"], match["token"])))
        elif match and match["slug"] not in others:
            strange.append(Left(name, f"{shown(name)} in the inbox is named after no exercise; it was left there."))
        elif match is None and not _being_written(inbox / name, about):
            why = f"{shown(name)} in the inbox is not something that `autograder submit` left; it was left there."
            strange.append(Left(name, why))
    entries: defaultdict[int, deque[_Entry]] = defaultdict(deque)
    for uid, _, entry in sorted(found, key=lambda one: one[:2]):
        entries[uid].append(entry)
    return list(entries.values()), strange


def _being_written(path: Path, about: os.stat_result) -> bool:
    """Is it of a name that is passed over? What was abandoned is removed."""
    old = datetime.now(UTC).timestamp() - about.st_ctime > _ABANDONED_SECONDS
    if old and _UNFINISHED.fullmatch(path.name):
        with contextlib.suppress(OSError):
            path.unlink()
        return True
    return path.name.startswith(".") and not old


def _take(inbox: Path, course: Course, kept: Path, entry: _Entry, room: Callable[[str, int], str]) -> Arrival | Left:
    """Read a file and keep it, or say why not."""
    try:
        data, about = _read(inbox / entry.name)
    except OSError as error:
        held_back = error.errno == errno.EAGAIN  # by a lease
        why = "its owner keeps it from being read" if held_back else error.strerror
        return Left(entry.name, f"{shown(entry.name)} in the inbox was left there: {why}.", held_back)
    owner = account(about.st_uid)
    person = course.by_login(owner)
    place = kept / entry.slug / f"{entry.token}.zip"
    if place.exists():
        if place.read_bytes() != data:
            why = f"{shown(entry.name)}, from {owner}, is not what came under this name before; it was left there."
            return Left(entry.name, why)
    elif full := room(person.student if person else owner, len(data)):
        return Left(entry.name, full)
    _keep(place, data)
    # The time of the last change of the inode: its owner can set the other two, and not this one.
    arrived = datetime.fromtimestamp(about.st_ctime_ns // 10**9, UTC)
    return Arrival(entry.slug, entry.token, owner, person.student if person else "", arrived, place)


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
