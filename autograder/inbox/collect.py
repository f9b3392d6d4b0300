"""The staff's side of the inbox: takes what is new, safely kept before it is removed there.

What lies in the inbox may be anything. A file is opened without following a link and without waiting on a pipe; it is a
plain file with one name, of a size that may be graded; and it is read once. Each account has its turn: one that leaves
thousands of files delays nobody but itself.
"""

import contextlib
import dataclasses
import errno
import functools
import os
import re
import stat
import time
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Collection, Generator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from autograder.container import LIMITS, shown
from autograder.course import Course
from autograder.errors import GraderError
from autograder.inbox.drop import NAME

__all__ = ["IN_TURN", "Arrival", "Left", "Round", "account", "stranger"]

IN_TURN = 3
"""So many files of one account are taken at a time."""

_UNREADABLE = 50
"""When so many files of one account could not be read, a round looks at no more of them."""
_LEASE_SECONDS = 3.0
"""So long somebody who holds a lease on a file is given to let it be read."""
_TOO_LARGE = f"it is larger than {LIMITS.archive_bytes // 2**20} MiB"
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
    """Who that is by the roster, or what `stranger` gives."""
    is_known: bool
    """Does the roster have that account?"""
    arrived: datetime
    kept: Path
    """Where it is kept now."""


@dataclass(frozen=True)
class Left:
    """What was left in the inbox."""

    name: str
    why: str
    """A sentence for staff."""
    account: str = ""
    """Whose it is, where that is known."""
    held_back: tuple[str, ...] = ()
    """Names of files that were not read because of their owner, in a way that their times do not show."""


@dataclass(frozen=True)
class _Entry:
    name: str
    slug: str
    token: str


class Round:
    """What lies in the inbox at one time, and how it is taken from there: each thing once, each account in its turn.

    Killed at any moment, nothing is lost: the next round takes up what this one did not finish, with the same names.
    """

    def __init__(
        self,
        inbox: Path,
        course: Course,
        slugs: Collection[str],
        kept: Path,
        *,
        others: Collection[str] = (),
        room: Callable[[str, str, int], str] = lambda slug, student, size: "",
        later: Callable[[str], bool] = lambda name: False,
    ) -> None:
        """Look through the inbox.

        Args:
            inbox: the folder.
            course: tells who has which account.
            slugs: the exercises for which work is taken.
            kept: the folder where it is kept.
            others: exercises for which it is left there without a word.
            room: is given an exercise, a student and a size in bytes, and says why that cannot be kept too; nothing
                where it can.
            later: is given a name, and says whether it is left for another round.
        """
        self._inbox = inbox
        self._course = course
        self._kept = kept
        self._room = room
        self._owner = functools.cache(account)
        self._unreadable: Counter[int] = Counter()
        self._leased: list[_Entry] = []
        self._strange: deque[Left] = deque()
        found: defaultdict[int, list[tuple[int, _Entry]]] = defaultdict(list)
        for name in sorted(os.listdir(inbox)):
            with contextlib.suppress(OSError):
                about = os.lstat(inbox / name)
                match = NAME.fullmatch(name)
                if match is None or match["slug"] not in slugs:
                    if not (match and match["slug"] in others) and not _being_written(inbox / name, about):
                        self._strange.append(_strange(name, self._owner(about.st_uid)))
                elif why := _no_plain_file(about):
                    self._strange.append(_left(name, why, self._owner(about.st_uid)))
                elif not later(name):
                    found[about.st_uid].append((about.st_ctime_ns, _Entry(name, match["slug"], match["token"])))
        self._waiting = {uid: deque(entry for _, entry in sorted(them, key=_age)) for uid, them in found.items()}

    @property
    def is_over(self) -> bool:
        """Was everything looked at?"""
        return not any(self._waiting.values()) and not self._strange

    def turn(self) -> Generator[Arrival | Left, bool | None, None]:
        """Yield what arrived, each kept and then removed, and what was left where it is: of each account a few.

        What is yielded is removed from the inbox when the next one is asked for: record it before that. Send True to
        have it left there all the same.

        Raises:
            GraderError: it cannot be kept, as on a full disk; it is still in the inbox.
        """
        while self._strange:
            yield self._strange.popleft()
        for uid in [uid for _ in range(IN_TURN) for uid in self._waiting]:
            if self._waiting[uid]:
                yield from self._try(self._waiting[uid].popleft(), uid)
        if self._leased:
            # Whoever has a lease is told by the first attempt to read, and may give it up: as a file server does.
            time.sleep(_LEASE_SECONDS)
            leased, self._leased = self._leased, []
            for entry in leased:
                yield from self._try(entry, None)

    def _try(self, entry: _Entry, uid: int | None) -> Generator[Arrival | Left, bool | None, None]:
        """Read a file and keep it; `uid` is whose it was when it was seen, None at the second attempt."""
        try:
            data, about = _read(self._inbox / entry.name)
        except FileNotFoundError:
            return  # Whose it was has taken it back.
        except OSError as error:
            if error.errno == errno.EAGAIN and uid is not None:
                self._leased.append(entry)
            elif error.errno == errno.EAGAIN:
                why = "its owner keeps it from being read"
                yield dataclasses.replace(_left(entry.name, why), held_back=(entry.name,))
            else:
                yield _left(entry.name, error.strerror or str(error), "" if uid is None else self._owner(uid))
            yield from self._pass_over_the_rest(uid)
            return
        found = self._keep(entry, data, about)
        left = yield found
        if isinstance(found, Arrival) and not left:
            with contextlib.suppress(OSError):  # Its owner may have moved it, or put a folder in its place.
                (self._inbox / entry.name).unlink()

    def _pass_over_the_rest(self, uid: int | None) -> Iterator[Left]:
        """Look at no more of an account that has left much which cannot be read."""
        if uid is None:
            return
        self._unreadable[uid] += 1
        rest = self._waiting[uid]
        if self._unreadable[uid] >= _UNREADABLE and rest:
            names = tuple(entry.name for entry in rest)
            rest.clear()
            who = self._owner(uid)
            yield Left(
                names[0],
                f"{_UNREADABLE} files of {who} in the inbox cannot be read; {len(names)} more were not looked at.",
                who,
                names,
            )

    def _keep(self, entry: _Entry, data: bytes, about: os.stat_result) -> Arrival | Left:
        """Keep what was read, or say why not."""
        owner = self._owner(about.st_uid)
        person = self._course.by_login(owner)
        student = person.student if person else stranger(owner)
        place = self._kept / entry.slug / f"{entry.token}.zip"
        if place.exists():
            if place.read_bytes() != data:
                why = f"{shown(entry.name)}, from {owner}, is not what came under this name before; it was left there."
                return Left(entry.name, why, owner)
        elif full := self._room(entry.slug, student, len(data)):
            return Left(entry.name, full, owner)
        _write(place, data)
        # The time of the last change of the inode: its owner can set the other two, and not this one.
        arrived = datetime.fromtimestamp(about.st_ctime_ns // 10**9, UTC)
        return Arrival(entry.slug, entry.token, owner, student, person is not None, arrived, place)


def stranger(owner: str) -> str:
    """Return what stands for a student where an account is nobody's by the roster: never a student's own id."""
    return f"account:{owner}"


def _age(seen: tuple[int, _Entry]) -> int:
    return seen[0]


def _strange(name: str, owner: str) -> Left:
    what = "is named after no exercise" if NAME.fullmatch(name) else "is not something that `autograder submit` left"
    return Left(name, f"{shown(name)} in the inbox {what}; it was left there.", owner)


def _left(name: str, why: str, owner: str = "") -> Left:
    return Left(name, f"{shown(name)} in the inbox was left there: {why}.", owner)


def _no_plain_file(about: os.stat_result) -> str:
    """Say why a file is not even opened; nothing where it may be."""
    if stat.S_ISLNK(about.st_mode):
        return "it is a link"
    if not stat.S_ISREG(about.st_mode) or about.st_nlink != 1:
        return "it is not a plain file with one name"
    return _TOO_LARGE if about.st_size > LIMITS.archive_bytes else ""


def _being_written(path: Path, about: os.stat_result) -> bool:
    """Is it of a name that is passed over? What was abandoned is removed."""
    old = datetime.now(UTC).timestamp() - about.st_ctime > _ABANDONED_SECONDS
    if old and _UNFINISHED.fullmatch(path.name):
        with contextlib.suppress(OSError):
            path.unlink()
        return True
    return path.name.startswith(".") and not old


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
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with open(descriptor, "rb") as file:
        about = os.fstat(descriptor)
        if why := _no_plain_file(about):  # It was one when it was seen.
            raise OSError(0, why)
        data = file.read(LIMITS.archive_bytes + 1)
        if len(data) > LIMITS.archive_bytes:
            raise OSError(0, _TOO_LARGE)
        after = os.fstat(descriptor)
        if (after.st_ctime_ns, after.st_size) != (about.st_ctime_ns, len(data)):
            raise OSError(0, "it changed while it was read")
    return data, about


def _write(path: Path, data: bytes) -> None:
    part = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with open(part, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
            os.replace(part, path)
            os.fsync(file.fileno())  # and its new name with it
    except OSError as error:
        with contextlib.suppress(OSError):
            part.unlink()
        raise GraderError(
            f"{path} cannot be written: {error.strerror}. Everything that was not collected is still in the inbox; "
            "make room, and run the same command again."
        ) from error
