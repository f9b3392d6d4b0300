"""Moodle: the CSV that "Grades, Import, CSV file" takes (`grade/import/csv/classes/load_data.php` in moodle).

Moodle gives up the whole import at the first user that it does not know. It reads an empty cell of a new grade item as
0; only a dash is no grade everywhere.
"""

import html
import re
from collections.abc import Mapping, Sequence
from typing import Literal

from autograder.errors import UsageError
from autograder.export.delimited import csv_bytes, safe
from autograder.export.feedback import feedback_on_grade
from autograder.export.table import Cell
from autograder.export.wide import Upload, by_student, listed, refuse_twice, titles
from autograder.roster import Person
from autograder.scoring import Grade

__all__ = ["KEYS", "Key", "write"]

Key = Literal["idnumber", "email", "username"]
KEYS: dict[Key, tuple[str, str]] = {
    "idnumber": ("ID number", "moodle_id"),
    "email": ("Email address", "email"),
    "username": ("Username", "login"),
}
"""What a student is found by: its name in Moodle, and the roster's column."""

_NO_GRADE = "-"
_MOST = 100.0
# PHP's fgetcsv takes a quote after a backslash for part of the text, and the rest of the row with it.
_ESCAPE = re.compile(r'\\(?="|\Z)')


def write(grades: Sequence[Grade], people: Mapping[str, Person], key: Key, *, feedback: bool = False) -> Upload:
    """Return what Moodle imports: a row for each student with a grade, a column for each exercise.

    Args:
        grades: what counts; what is not graded is a dash.
        people: the roster; where it is not empty, others are left out.
        key: what Moodle is to find a student by.
        feedback: add a column of text beside each exercise.

    Raises:
        CourseError: two students have the same key.
        UsageError: the roster has this key for nobody.
    """
    students = by_student(grades)
    keys = {student: _key(student, people, key) for student in students}
    refuse_twice(KEYS[key][1], keys)
    missing = [student for student, value in keys.items() if not value]
    if len(missing) == len(students):
        raise UsageError(
            f"Moodle is to find students by {KEYS[key][0]}, and the roster has no {KEYS[key][1]} for any of them. "
            f"Fill in that column of the roster, or choose another --key: {', '.join(KEYS)}."
        )
    headings = titles(grades)
    rows: list[list[Cell]] = [
        [KEYS[key][0], *(name for title in headings.values() for name in _columns(title, feedback))]
    ]
    for student, theirs in students.items():
        if keys[student]:
            cells = [_cells(theirs.get(slug), feedback) for slug in headings]
            rows.append([keys[student], *(cell for pair in cells for cell in pair)])
    return Upload(_bytes(rows), tuple(_notes(grades, missing, key)))


def _key(student: str, people: Mapping[str, Person], key: Key) -> str:
    """Return the key of a student, empty where there is none, and where it is not the same when made safe."""
    if people and student not in people:
        return ""
    person = people.get(student) or Person(student=student)
    value = {"idnumber": person.moodle_id, "email": person.email, "username": person.login or student}[key]
    return value if safe(_ESCAPE.sub(r"\\ ", value)) == value else ""


def _columns(title: str, feedback: bool) -> list[str]:
    return [title, f"{title} (feedback)"] if feedback else [title]


def _cells(grade: Grade | None, feedback: bool) -> list[Cell]:
    points = _NO_GRADE if grade is None or grade.points is None else grade.points
    if not feedback:
        return [points]
    text = feedback_on_grade(grade) if grade is not None else ""
    # Moodle shows it as HTML.
    return [points, html.escape(text, quote=False)]


def _bytes(rows: Sequence[Sequence[Cell]]) -> bytes:
    return csv_bytes([[_ESCAPE.sub(r"\\ ", cell) if isinstance(cell, str) else cell for cell in row] for row in rows])


def _notes(grades: Sequence[Grade], missing: Sequence[str], key: Key) -> list[str]:
    notes = []
    if missing:
        notes.append(
            f"Left out, because Moodle gives up the whole import at a user whom it does not know: {listed(missing)}. "
            f"The roster has no usable {KEYS[key][1]} for them."
        )
    if any(grade.points is not None and grade.points > _MOST for grade in grades):
        notes.append(
            f"Moodle gives up the whole import at a grade above {_MOST:.0f}, unless its administrators allow more."
        )
    return notes
