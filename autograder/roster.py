"""Who takes part in a course, and when they handed in, as staff keep it in CSV files. Pure but for reading them.

Columns may come in any order, and all but `student` may be left out. Unknown ones are refused by name.
"""

import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, tzinfo
from pathlib import Path

import msgspec

from autograder.errors import CourseError, nearest

__all__ = ["Person", "load_roster", "load_times"]


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """A row of the roster."""

    student: str
    """Who it is, as submissions, results and gradebooks call them."""
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    login: str = ""
    """The name of their account on the machine with the inbox; `student` where it is left out."""
    section: str = ""
    canvas_id: str = ""
    sis_user_id: str = ""
    sis_login_id: str = ""
    moodle_id: str = ""
    """Moodle's ID number."""

    @property
    def name(self) -> str:
        """First and last name, or the student's id where the roster has neither."""
        return f"{self.first_name} {self.last_name}".strip() or self.student


def load_roster(path: Path) -> dict[str, Person]:
    """Read a roster and return its people by student.

    Raises:
        CourseError: it cannot be read, or a column or a row is wrong.
    """
    people: dict[str, Person] = {}
    for line, row in _rows(path, [field.name for field in msgspec.structs.fields(Person)], "The roster"):
        person = Person(**row)
        if not person.student or person.student in people:
            what = f"{person.student!r} a second time" if person.student else "no student"
            raise CourseError(f"{path}, line {line}: {what}. Each row needs one of its own.")
        people[person.student] = person
    if not people:
        raise CourseError(f"{path} names nobody, so nobody could hand in. Add a line for each student.")
    logins = Counter(person.login or person.student for person in people.values())
    login, count = max(logins.items(), key=lambda item: item[1], default=("", 0))
    if count > 1:
        raise CourseError(f"{path}: two students have the login {login!r}. Each needs an account of their own.")
    return people


def load_times(path: Path, zone: tzinfo) -> dict[str, datetime]:
    """Read when each student handed in: columns `student` and `submitted`, which is ISO 8601.

    A time without a zone is in `zone`.

    Raises:
        CourseError: it cannot be read, or a column or a row is wrong.
    """
    times = {}
    for line, row in _rows(path, ["student", "submitted"], "The times"):
        try:
            time = datetime.fromisoformat(row.get("submitted", ""))
        except ValueError:
            raise CourseError(
                f"{path}, line {line}: {row.get('submitted', '')!r} is no time. Write it as 2026-12-04T23:59:00."
            ) from None
        times[row["student"]] = time if time.tzinfo is not None else time.replace(tzinfo=zone)
    return times


def _rows(path: Path, known: Sequence[str], what: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield each row of a CSV file whose first line names its columns, with the number of the line that it ends on."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise CourseError(f"{what} {path} cannot be read: {why}. Correct its name, or the file.") from error
    reader = csv.DictReader(io.StringIO(text, newline=""), restkey="", strict=True)
    try:
        twice = [column for column, count in Counter(reader.fieldnames or ()).items() if count > 1]
        if twice:
            raise CourseError(f"{path}: the column {twice[0]!r} is there twice. Leave one of them.")
        for column in reader.fieldnames or ():
            if column not in known:
                raise CourseError(
                    f"{path}: unknown column {column!r}.{nearest(column, known)} Known here: {', '.join(known)}."
                )
        if "student" not in (reader.fieldnames or ()):
            raise CourseError(f"{path}: the first line has no column 'student'. Name the columns there.")
        for row in reader:
            if row.get("") is not None:
                raise CourseError(
                    f"{path}, line {reader.line_num}: more fields than the first line has columns. Put what has a "
                    'comma in it into "quotes".'
                )
            yield reader.line_num, {key: (value or "").strip() for key, value in row.items() if key}
    except csv.Error as error:
        raise CourseError(f"{path}, line {reader.line_num}: not valid CSV: {error}. Correct it there.") from error
