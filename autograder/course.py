"""A course as its staff wrote it: `course.toml` and the roster beside it.

The exercises lie elsewhere, in `assignments/`; this says who takes part, until when, and what late or repeated work is
worth. `load_course` reads it into a frozen `Course`. Unknown keys and columns are refused by name.
"""

import json
import math
import tomllib
import zoneinfo
from collections.abc import Collection
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from autograder.errors import CourseError, nearest
from autograder.roster import Person, load_roster
from autograder.scoring import LatePolicy

__all__ = ["FORMAT_VERSION", "STORE_VARIABLE", "AttemptPolicy", "Course", "Person", "load_course", "public_text"]

FORMAT_VERSION = 1
STORE_VARIABLE = "AUTOGRADER_STORE"
"""Environment variable: URL of the database with a course's past results, where they are in PostgreSQL."""

_NotNegative = Annotated[float, Meta(ge=0)]


class AttemptPolicy(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How often a student may hand in; the `[attempts]` table of course.toml."""

    most: Annotated[int, Meta(ge=1)] | None = None
    """Graded attempts at one exercise; None: any number."""
    cool_down_minutes: _NotNegative = 0.0
    """What comes sooner than this after an attempt that was graded waits for so long."""
    counts: Literal["best", "last"] = "best"
    """Which attempt counts."""

    @property
    def cool_down(self) -> timedelta:
        return timedelta(minutes=self.cool_down_minutes)


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The keys of `course.toml`."""

    format_version: int
    title: str
    timezone: str = "UTC"
    roster: str | None = None
    inbox: str | None = None
    feedback: str | None = None
    deadlines: dict[str, datetime] = {}
    extensions: dict[str, dict[str, datetime]] = {}
    late: LatePolicy = LatePolicy()
    attempts: AttemptPolicy = AttemptPolicy()


class Course(msgspec.Struct, frozen=True, kw_only=True):
    """Who takes part in a course, until when, and under which rules."""

    title: str = ""
    timezone: str = "UTC"
    """IANA name of the zone in which people read the times."""
    people: dict[str, Person] = {}
    """By student; empty where there is no roster."""
    deadlines: dict[str, datetime] = {}
    """By slug; each with its time zone."""
    extensions: dict[str, dict[str, datetime]] = {}
    """By student, then by slug."""
    late: LatePolicy = LatePolicy()
    attempts: AttemptPolicy = AttemptPolicy()
    inbox: Path | None = None
    """The folder that students can write into and not read."""
    feedback: Path | None = None
    """The folder in which each student can read what is theirs."""

    @property
    def zone(self) -> tzinfo:
        """The time zone itself."""
        return zoneinfo.ZoneInfo(self.timezone)

    def due(self, slug: str, student: str | None = None) -> datetime | None:
        """Return the deadline of an exercise, extended where this student's is; None where there is none."""
        return self.extended(slug, student) or self.deadlines.get(slug)

    def extended(self, slug: str, student: str | None) -> datetime | None:
        """Return a student's own deadline of an exercise; None for one who has the course's."""
        return self.extensions.get(student or "", {}).get(slug)

    def closes(self, slug: str, student: str | None = None) -> datetime | None:
        """Return when nothing is taken any more; None where that never comes."""
        due = self.due(slug, student)
        return None if due is None else self.late.closes(due)

    def refuse_unknown(self, slugs: Collection[str]) -> None:
        """Refuse deadlines and extensions for exercises that the course does not have: they would never count.

        Raises:
            CourseError: there is one; the message names it.
        """
        times = {"deadlines": self.deadlines, **{f"extensions.{who}": them for who, them in self.extensions.items()}}
        for table, found in times.items():
            for slug in found:
                if slug not in slugs:
                    raise CourseError(
                        f"course.toml: {table}.{slug} is for no exercise of this course.{nearest(slug, slugs)} "
                        f"It has: {', '.join(sorted(slugs))}."
                    )

    def person(self, student: str) -> Person:
        """Return a student's row of the roster, or one with nothing but the id where there is none."""
        return self.people.get(student) or Person(student=student)

    def by_login(self, login: str) -> Person | None:
        """Return who has an account on this machine; None for somebody whom the roster does not name.

        Without a roster, everybody takes part under the name of their account.
        """
        if not self.people:
            return Person(student=login, login=login)
        # An account without a name is known by its number, which must not pass for a student's.
        known = {person.login or person.student: person for person in self.people.values()}
        found = known.get(login)
        return found if found is None or found.login or not login.isdigit() else None

    def shown(self, moment: datetime) -> str:
        """Write a time as people of the course read it: `Fri 4 Dec 2026, 23:59 CET`."""
        local = moment.astimezone(self.zone)
        return f"{local:%a} {local.day} {local:%b %Y, %H:%M %Z}"


def load_course(path: Path) -> Course:
    """Read a course.toml and the roster that it names.

    Raises:
        CourseError: the file is missing or not TOML, or a key, a time, a column or a row of the roster is wrong.
    """
    table = _table(path)
    for name, kind in (("", _File), ("late", LatePolicy), ("attempts", AttemptPolicy)):
        _refuse_unknown(path, table.get(name) if name else table, kind, f"{name}." if name else "")
    _refuse_other_than_times(path, table)
    try:
        parsed = msgspec.convert(table, _File)
    except msgspec.ValidationError as error:
        raise CourseError(f"{path}: {error}. docs/course.md shows every key.") from error
    zone = _checked_zone(path, parsed)
    people = load_roster(path.parent / parsed.roster) if parsed.roster is not None else {}
    unknown = sorted(parsed.extensions.keys() - people.keys()) if people else []
    if unknown:
        raise CourseError(
            f"{path}: extensions.{unknown[0]} is for nobody in {parsed.roster}.{nearest(unknown[0], people)} "
            "Correct the name, or add them to the roster."
        )
    return Course(
        title=parsed.title,
        timezone=parsed.timezone,
        people=people,
        deadlines=_in_zone(parsed.deadlines, zone),
        extensions={student: _in_zone(times, zone) for student, times in parsed.extensions.items()},
        late=parsed.late,
        attempts=parsed.attempts,
        inbox=None if parsed.inbox is None else path.parent.absolute() / parsed.inbox,
        feedback=None if parsed.feedback is None else path.parent.absolute() / parsed.feedback,
    )


def public_text(course: Course) -> str:
    """Return the course.toml that students are given: no roster, no extensions, folders by their whole paths."""
    lines = ["# Made by grade.py release; the course's staff keep the original.", f"format_version = {FORMAT_VERSION}"]
    lines += [f"{key} = {_toml(value)}" for key, value in (("title", course.title), ("timezone", course.timezone))]
    folders = (("inbox", course.inbox), ("feedback", course.feedback))
    lines += [f"{key} = {_toml(str(folder))}" for key, folder in folders if folder is not None]
    tables: dict[str, dict[str, Any]] = {
        "deadlines": dict(course.deadlines),
        "late": msgspec.structs.asdict(course.late),
        "attempts": msgspec.structs.asdict(course.attempts),
    }
    for name, table in tables.items():
        lines += ["", f"[{name}]"]
        lines += [f"{_toml(key)} = {_toml(value)}" for key, value in table.items() if value is not None]
    return "\n".join(lines) + "\n"


def _toml(value: object) -> str:
    """Write a string, number or time as TOML does."""
    if isinstance(value, datetime):
        # By the course's clocks, as days after it are counted; but of an hour that comes twice, with the offset.
        twice = value.replace(fold=0).utcoffset() != value.replace(fold=1).utcoffset()
        return value.isoformat() if twice else value.replace(tzinfo=None).isoformat()
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _table(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise CourseError(f"{path} cannot be read: {error.strerror}. Name the course's file with --rules.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CourseError(f"{path} is not valid TOML: {error}. Correct it there.") from error


def _refuse_unknown(path: Path, table: object, kind: type[msgspec.Struct], prefix: str) -> None:
    known = [field.name for field in msgspec.structs.fields(kind)]
    for key in table if isinstance(table, dict) else ():
        if key not in known:
            raise CourseError(
                f"{path}: unknown key '{prefix}{key}'.{nearest(key, known)} Known here: {', '.join(known)}."
            )


def _refuse_other_than_times(path: Path, table: dict[str, Any]) -> None:
    """Refuse what stands for a time and is none, in words that show one."""
    extensions = table.get("extensions")
    people = extensions.items() if isinstance(extensions, dict) else ()
    tables = {"deadlines": table.get("deadlines"), **{f"extensions.{who}": times for who, times in people}}
    for name, times in tables.items():
        for slug, time in times.items() if isinstance(times, dict) else ():
            if not isinstance(time, datetime):
                raise CourseError(
                    f"{path}: {name}.{slug} = {time!s:.60} is no day with a time. Write it as 2026-12-04T23:59:00, "
                    "without quotes."
                )


def _checked_zone(path: Path, parsed: _File) -> tzinfo:
    """Return the course's time zone, having checked what the types do not say."""
    if parsed.format_version != FORMAT_VERSION:
        raise CourseError(
            f"{path}: format_version must be {FORMAT_VERSION}; what is above that is for a newer grader, or a newer "
            "image of it. Install that."
        )
    for table, rules in (("late", parsed.late), ("attempts", parsed.attempts)):
        for key, value in msgspec.structs.asdict(rules).items():
            if isinstance(value, float) and not 0 <= value < math.inf:
                raise CourseError(f"{path}: {table}.{key} must be a number that is not below 0. Correct it there.")
    try:
        return zoneinfo.ZoneInfo(parsed.timezone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError) as error:
        hint = nearest(parsed.timezone, zoneinfo.available_timezones())
        raise CourseError(
            f"{path}: timezone {parsed.timezone!r} is no time zone.{hint} Write an IANA name such as 'Europe/Paris'."
        ) from error


def _in_zone(times: dict[str, datetime], zone: tzinfo) -> dict[str, datetime]:
    """Take the times that have no zone for the course's, and have all of them in it: days are counted by its clocks."""
    return {
        slug: time.replace(tzinfo=zone) if time.tzinfo is None else time.astimezone(zone)
        for slug, time in times.items()
    }
