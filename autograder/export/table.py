"""Grades as one tidy table: a row for each student and exercise, or one for each test."""

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from autograder.export.feedback import claim_of
from autograder.report.text import visible, went_wrong
from autograder.roster import Person
from autograder.scoring import Grade

__all__ = ["Cell", "Kind", "Table", "grade_table", "per_test_table"]

Cell = str | float | int | datetime | None


class Kind(enum.Enum):
    """What the cells of a column are; any cell but a text may be None, where there is nothing to say."""

    TEXT = enum.auto()
    NUMBER = enum.auto()
    COUNT = enum.auto()
    TIME = enum.auto()
    """With its time zone."""


@dataclass(frozen=True)
class Table:
    """Columns by name, and rows of as many cells."""

    columns: Mapping[str, Kind]
    rows: Sequence[tuple[Cell, ...]]


_GRADE_COLUMNS = {
    "student": Kind.TEXT,
    "last_name": Kind.TEXT,
    "first_name": Kind.TEXT,
    "email": Kind.TEXT,
    "section": Kind.TEXT,
    "exercise": Kind.TEXT,
    "title": Kind.TEXT,
    "state": Kind.TEXT,
    "points": Kind.NUMBER,
    "max_points": Kind.NUMBER,
    "raw_points": Kind.NUMBER,
    "penalty": Kind.NUMBER,
    "hours_late": Kind.NUMBER,
    "submitted": Kind.TIME,
    "attempt": Kind.COUNT,
    "summary": Kind.TEXT,
}
_TEST_COLUMNS = {
    "student": Kind.TEXT,
    "exercise": Kind.TEXT,
    "attempt": Kind.COUNT,
    "task": Kind.COUNT,
    "test": Kind.TEXT,
    "claim": Kind.TEXT,
    "status": Kind.TEXT,
    "points": Kind.NUMBER,
    "max_points": Kind.NUMBER,
    "explanation": Kind.TEXT,
}


def grade_table(grades: Sequence[Grade], people: Mapping[str, Person]) -> Table:
    """Return a row for each grade, with what the roster knows of its student."""
    return Table(_GRADE_COLUMNS, [_grade_row(grade, people) for grade in grades])


def per_test_table(grades: Sequence[Grade]) -> Table:
    """Return a row for each test of the attempts that count."""
    return Table(_TEST_COLUMNS, [row for grade in grades for row in _test_rows(grade)])


def _grade_row(grade: Grade, people: Mapping[str, Person]) -> tuple[Cell, ...]:
    person = people.get(grade.student) or Person(student=grade.student)
    names = (grade.student, person.last_name, person.first_name, person.email, person.section)
    handed_in = grade.result is not None
    return (
        *map(visible, names),
        grade.slug,
        visible(grade.title),
        _state(grade),
        grade.points,
        grade.max_points,
        grade.raw_points,
        grade.penalty if grade.points is not None else None,
        round(grade.late_seconds / 3600, 2) if grade.submitted else None,
        datetime.fromisoformat(grade.submitted) if grade.submitted else None,
        grade.attempt if handed_in else None,
        visible(went_wrong(grade.result)) if grade.result else "",
    )


def _state(grade: Grade) -> str:
    """Tell apart what has points, what the grader owes, and what was never handed in."""
    if grade.result is None:
        return "missing"
    return "graded" if grade.points is not None else "ungraded"


def _test_rows(grade: Grade) -> list[tuple[Cell, ...]]:
    tests = grade.result.tests if grade.result else ()
    who = (visible(grade.student), grade.slug, grade.attempt)
    return [
        (
            *who,
            test.task,
            visible(test.id),
            claim_of(test),
            test.status.value,
            test.points,
            test.max_points,
            visible(test.explanation),
        )
        for test in tests
    ]
