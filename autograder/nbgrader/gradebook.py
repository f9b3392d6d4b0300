"""Grades of any submissions, files and notebooks alike, written into an nbgrader gradebook by its own interface."""

import contextlib
import os
import shutil
import sys
import warnings
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy
from nbgrader.api import Gradebook, Student

from autograder.assignment import Assignment
from autograder.course import Course
from autograder.errors import GraderError
from autograder.nbgrader.cells import task_points
from autograder.nbgrader.source import task_cell
from autograder.roster import Person
from autograder.scoring import Grade

__all__ = ["find_alembic", "introduce", "opened", "unusable", "write_grades"]


@contextlib.contextmanager
def opened(db_url: str, course_id: str = "default_course") -> Iterator[Gradebook]:
    """Open a gradebook, making it where it is missing.

    Raises:
        GraderError: it is locked, cannot be written, or another version of nbgrader made it.
    """
    find_alembic()
    try:
        with Gradebook(db_url, course_id) as gradebook:
            yield gradebook
    except sqlalchemy.exc.SQLAlchemyError as error:
        raise unusable(db_url, error) from error


def find_alembic() -> None:
    """Let nbgrader find the program that it calls when it makes a gradebook: it lies beside this Python."""
    if shutil.which("alembic") is None:
        os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"


def unusable(db_url: str, error: sqlalchemy.exc.SQLAlchemyError) -> GraderError:
    """Return what to tell of a gradebook that cannot be used."""
    said = str(getattr(error, "orig", None) or error)
    hint = "Another version of nbgrader may have made it: run `nbgrader db upgrade` on a copy of it first"
    if "locked" in said:
        hint = "Stop what writes to it (a running formgrader or autograde), and try again"
    elif "not a database" in said:
        hint = "It is another kind of file: name the gradebook"
    elif "readonly" in said or "unable to open" in said:
        hint = "Correct its folder and its rights"
    return GraderError(f"The gradebook {db_url} cannot be used: {said}. {hint}; what is in it is unharmed.")


def write_grades(
    grades: Sequence[Grade], assignments: Sequence[Assignment], course: Course, db_url: str
) -> tuple[int, int]:
    """Write grades into a gradebook: a notebook for each exercise, and a test cell for each of its tasks.

    Manual scores and comments stay as they are. What lateness took becomes nbgrader's own late penalty. What could not
    be graded needs manual grading, and who handed in nothing is left out.

    Args:
        grades: what counts; those of other exercises than `assignments` are passed over.
        assignments: the exercises.
        course: who the students are, and when work was due.
        db_url: as nbgrader writes it, such as `sqlite:///gradebook.db`.

    Returns:
        How many grades were written, and how many need manual grading.

    Raises:
        GraderError: see `opened`.
    """
    written = owed = 0
    by_slug = {assignment.slug: assignment for assignment in assignments}
    with opened(db_url) as gradebook, warnings.catch_warnings():
        # nbgrader adds rows in an order of which SQLAlchemy warns.
        warnings.simplefilter("ignore", sqlalchemy.exc.SAWarning)
        for assignment in assignments:
            _add_assignment(gradebook, assignment, course)
        for grade in grades:
            if grade.result is None or grade.slug not in by_slug:
                continue
            _write(gradebook, grade, by_slug[grade.slug], course)
            written += 1
            owed += grade.points is None
    return written, owed


def _add_assignment(gradebook: Gradebook, assignment: Assignment, course: Course) -> None:
    due = course.due(assignment.slug)
    known = {} if due is None else {"duedate": _naive(due)}
    gradebook.update_or_create_assignment(assignment.slug, **known)
    gradebook.update_or_create_notebook(assignment.slug, assignment.slug)
    for task in assignment.tasks:
        piece, metadata = task_cell(assignment, task)
        names = (piece.name, assignment.slug, assignment.slug)
        gradebook.update_or_create_grade_cell(*names, max_score=metadata["nbgrader"]["points"], cell_type="code")
        gradebook.update_or_create_source_cell(*names, source=piece.source, locked=True, cell_type="code")


def _write(gradebook: Gradebook, grade: Grade, assignment: Assignment, course: Course) -> None:
    introduce(gradebook.update_or_create_student(grade.student), course.person(grade.student))
    handed_in = {"timestamp": _naive(datetime.fromisoformat(grade.submitted))} if grade.submitted else {}
    gradebook.update_or_create_submission(assignment.slug, grade.student, **handed_in)
    assert grade.result is not None
    for task in assignment.tasks:
        piece, _ = task_cell(assignment, task)
        found = gradebook.find_grade(piece.name, assignment.slug, assignment.slug, grade.student)
        found.auto_score = task_points(grade.result, task.number)
        found.needs_manual_grade = found.auto_score is None or found.manual_score is not None
    notebook = gradebook.find_submission_notebook(assignment.slug, assignment.slug, grade.student)
    notebook.late_submission_penalty = grade.penalty or None
    gradebook.db.commit()


def introduce(student: Student, person: Person) -> None:
    """Give a student of a gradebook a name and an address, but none in the place of another; nothing is committed."""
    if not student.first_name and not student.last_name:
        student.first_name, student.last_name = person.first_name or None, person.last_name or None
    if not student.email:
        student.email = person.email or None


def _naive(moment: datetime) -> datetime:
    """Return a time as nbgrader keeps it: UTC, without a zone."""
    return moment.astimezone(UTC).replace(tzinfo=None)
