"""What the gradebooks of learning-management systems share: a row for each student, a column for each exercise."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from autograder.errors import CourseError, UsageError
from autograder.report.text import counted, one_line
from autograder.scoring import Grade

__all__ = ["Upload", "by_student", "listed", "refuse_twice", "titles"]

_NAMED = 5


@dataclass(frozen=True)
class Upload:
    """A file for another system."""

    data: bytes
    notes: tuple[str, ...] = ()
    """What staff should know before they upload it, in sentences."""


def titles(grades: Sequence[Grade]) -> dict[str, str]:
    """Return a heading for each exercise with a graded submission, by slug.

    It is the title, and the slug too where two have the same title. Of an exercise that nobody has points in yet, there
    is nothing to upload, and other systems would make an empty column for it.
    """
    known = {grade.slug: one_line(" ".join(grade.title.split())) for grade in grades if grade.points is not None}
    counts = Counter(known.values())
    return {slug: title if counts[title] == 1 else f"{title} [{slug}]" for slug, title in sorted(known.items())}


def by_student(grades: Sequence[Grade]) -> dict[str, dict[str, Grade]]:
    """Return each student's grades by slug, in the order of students.

    Students of whom nothing is graded are left out: an empty cell deletes a grade that staff entered by hand.

    Raises:
        UsageError: nobody is left.
    """
    found: dict[str, dict[str, Grade]] = {}
    for grade in sorted(grades, key=lambda one: (one.student, one.slug)):
        found.setdefault(grade.student, {})[grade.slug] = grade
    rows = {who: theirs for who, theirs in found.items() if any(grade.points is not None for grade in theirs.values())}
    if not rows:
        raise UsageError(
            "No submission has points yet, so there is nothing to upload. "
            "Grade first (grade.py batch, grade.py inbox), and export again."
        )
    return rows


def refuse_twice(column: str, keys: Mapping[str, str]) -> None:
    """Refuse a key by which another system would take two students for one; `keys` are by student, empty for none.

    Raises:
        CourseError: two students have the same key.
    """
    owners: dict[str, str] = {}
    for student, key in keys.items():
        if key and owners.setdefault(key.casefold(), student) != student:
            raise CourseError(
                f"The roster gives {owners[key.casefold()]!r} and {student!r} the same {column}, {key!r}, so one "
                "would get the grades of the other. Correct it in the roster, and export again."
            )


def listed(students: Sequence[str]) -> str:
    """Write `2 students (ada, bo)`, naming the first few."""
    named = ", ".join(one_line(student) for student in students[:_NAMED])
    more = ", …" if len(students) > _NAMED else ""
    return f"{counted(len(students), 'student')} ({named}{more})"
