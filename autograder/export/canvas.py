"""Canvas: the CSV that its gradebook imports (`lib/gradebook_importer.rb` in canvas-lms).

Canvas finds a student by ID, then by SIS User ID, then by SIS Login ID, then by name; an assignment by the number in
parentheses that ends a heading, then by its title. What it does not find, it offers to create.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from autograder.errors import CourseError, UsageError
from autograder.export.delimited import csv_bytes, safe
from autograder.export.table import Cell
from autograder.export.wide import Upload, by_student, listed, refuse_twice, titles
from autograder.report.text import one_line
from autograder.roster import Person
from autograder.scoring import Grade

__all__ = ["write"]

_STUDENT_COLUMNS = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]
_POINTS_POSSIBLE = "Points Possible"
_LOOKS_NUMBERED = re.compile(r"\s\(\d+\)$")
# Columns with these words in their heading are Canvas's own totals; its importer passes over them.
_TOTALS = re.compile(r"(?:Current|Final) (?:Score|Points|Grade)|Override (?:Score|Grade|Status)")


def write(grades: Sequence[Grade], people: Mapping[str, Person], numbers: Mapping[str, str]) -> Upload:
    """Return what the gradebook imports: a row for each student with a grade, a column for each exercise.

    Args:
        grades: what counts; what is not graded is an empty cell.
        people: the roster.
        numbers: Canvas's number of the assignment, by slug, where it is known.

    Raises:
        CourseError: a canvas_id of the roster is not a number, or two students cannot be told apart.
        UsageError: Canvas would pass over a column, because its title looks like a total.
    """
    headings = _headings(titles(grades), numbers)
    students = by_student(grades)
    known = [people.get(student) or Person(student=student) for student in students]
    _check_keys(known)
    most = {grade.slug: grade.max_points for grade in grades}
    rows: list[list[Cell]] = [[*_STUDENT_COLUMNS, *headings.values()]]
    rows.append([_POINTS_POSSIBLE, *[None] * 4, *[most[slug] for slug in headings]])
    for person in known:
        theirs = students[person.student]
        points = [theirs[slug].points if slug in theirs else None for slug in headings]
        rows.append([_name(person), *_keys(person), one_line(person.section), *points])
    return Upload(csv_bytes(rows), tuple(_notes(known, headings, numbers)))


def _headings(known: Mapping[str, str], numbers: Mapping[str, str]) -> dict[str, str]:
    found = {}
    for slug, title in known.items():
        if _TOTALS.search(title):
            raise UsageError(
                f"Canvas takes a column with the title {title!r} for one of its own totals and passes over it. "
                f"Give the exercise {slug} another title in assignment.toml, and grade again."
            )
        if slug in numbers:
            found[slug] = f"{title} ({numbers[slug]})"
        else:
            # A title that ends in a number in parentheses would be taken for that assignment, and the name of one of
            # the first columns for that column.
            misread = _LOOKS_NUMBERED.search(title) or title in _STUDENT_COLUMNS
            found[slug] = f"{title} [{slug}]" if misread else title
    return found


def _check_keys(known: Sequence[Person]) -> None:
    for person in known:
        if person.canvas_id and not re.fullmatch("[0-9]+", person.canvas_id):
            raise CourseError(
                f"The roster gives {person.student!r} the canvas_id {person.canvas_id!r}, which is not a number, and "
                "Canvas would read it as another student's. Copy the column ID from a gradebook that Canvas exported."
            )
    for column in ("canvas_id", "sis_user_id", "sis_login_id"):
        refuse_twice(column, {person.student: getattr(person, column) for person in known})
    called = Counter(_name(person).casefold() for person in known)
    for person in known:
        if not any(_keys(person)) and called[_name(person).casefold()] > 1:
            raise CourseError(
                f"Canvas can find {person.student!r} by name alone, and the roster has another {_name(person)!r}, so "
                "one would get the grades of the other. Fill in canvas_id for both in the roster, and export again."
            )


def _name(person: Person) -> str:
    both = person.last_name and person.first_name
    name = f"{person.last_name}, {person.first_name}" if both else person.name
    # A row that begins with these words gives the assignments their points.
    return one_line(" ".join(name.split())).replace(_POINTS_POSSIBLE, _POINTS_POSSIBLE.lower())


def _keys(person: Person) -> list[Cell]:
    """Return the three cells that Canvas finds a student by; a key that is not the same when made safe is none."""
    sis = [key if safe(key) == key else "" for key in (person.sis_user_id, person.sis_login_id)]
    return [person.canvas_id, *sis]


def _notes(known: Sequence[Person], headings: Mapping[str, str], numbers: Mapping[str, str]) -> list[str]:
    notes = []
    by_name = [person.student for person in known if not any(_keys(person))]
    if by_name:
        notes.append(
            f"The roster has no canvas_id, sis_user_id or sis_login_id for {listed(by_name)}. Canvas looks for them by "
            "name, and asks where it finds nobody."
        )
    new = [heading for slug, heading in headings.items() if slug not in numbers]
    if new:
        notes.append(
            f"Canvas looks for these by title, and offers to create what it has not: {'; '.join(new)}. "
            "--canvas-id SLUG=NUMBER names an assignment that is there."
        )
    return notes
