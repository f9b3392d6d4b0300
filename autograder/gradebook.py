"""From the store and the course's rules to what counts: one `Grade` for each student and exercise."""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import UTC, datetime

from autograder.assignment import Assignment
from autograder.course import Course
from autograder.result import Result
from autograder.scoring import Attempt, Grade, grade
from autograder.store import Received, Store

__all__ = ["grade_of", "grades", "handed_in", "remember_time"]

_LISTED = "list "
"""How the names of what staff have listed begin."""
_TAKEN = {"", "waiting", "graded"}
"""What became of what was not turned away."""


def grades(store: Store, course: Course, assignments: Collection[Assignment]) -> list[Grade]:
    """Return a grade for each exercise and each student of the roster or with an attempt, by exercise and student.

    Practice marks do not count. Who has handed in nothing has a grade without points.

    Raises:
        GraderError: a stored result is damaged, or another version wrote it.
    """
    slugs = [assignment.slug for assignment in assignments]
    times = handed_in(store.received(slugs), course)
    attempts: defaultdict[tuple[str, str], list[Attempt]] = defaultdict(list)
    for result in store.results(slugs):
        student = result.submission.student
        submitted = times.get((result.slug, student, result.submission.digest))
        attempts[result.slug, student].append(Attempt(result, submitted))
    if course.attempts.counts == "last":
        for theirs in attempts.values():
            theirs.sort(key=_by_time)  # an earlier version that was handed in again is the last one
    found = []
    for assignment in sorted(assignments, key=lambda one: one.slug):
        students = course.people.keys() | {student for slug, student in attempts if slug == assignment.slug}
        for student in sorted(students):
            theirs = attempts[assignment.slug, student]
            found.append(_graded(course, theirs) if theirs else _nothing(assignment, student))
    return found


def _by_time(attempt: Attempt) -> datetime:
    return attempt.submitted or datetime.min.replace(tzinfo=UTC)


def handed_in(received: Iterable[Received], course: Course) -> dict[tuple[str, str, str], datetime]:
    """Return when each submission was handed in, by exercise, student and digest.

    `received` is in the order of recording.
    What staff listed last counts, since they may have corrected it. Of what came by the inbox it is the first time;
    where the last attempt counts, the first time after another one: going back to it is a decision.
    """
    came: dict[tuple[str, str, str], datetime] = {}
    listed: dict[tuple[str, str, str], datetime] = {}
    latest: dict[tuple[str, str], str] = {}
    by_inbox = []
    for one in received:
        if one.name.startswith(_LISTED):
            listed[one.slug, one.student, one.digest] = one.arrived
        else:
            by_inbox.append(one)
    for one in sorted(by_inbox, key=lambda one: one.arrived):
        who, closes = (one.slug, one.student), course.closes(one.slug, one.student)
        back = latest.get(who) != one.digest and (closes is None or one.arrived <= closes)
        if (*who, one.digest) not in came or (back and course.attempts.counts == "last"):
            came[*who, one.digest] = one.arrived
        if one.outcome in _TAKEN:
            latest[who] = one.digest
    return came | listed


def remember_time(store: Store, result: Result, arrived: datetime) -> None:
    """Record when a graded submission was handed in, where it came by another way than the inbox.

    Raises:
        GraderError: the store cannot be written.
    """
    submission = result.submission
    if submission.digest:  # else it could not be read, and has no points to lose
        facts = f"{result.slug}\0{submission.student}\0{submission.digest}\0{arrived.isoformat()}"
        store.receive(
            Received(
                name=_LISTED + hashlib.sha256(facts.encode()).hexdigest(),
                slug=result.slug,
                student=submission.student,
                arrived=arrived,
                digest=submission.digest,
                outcome="graded",
            )
        )


def grade_of(course: Course, result: Result, submitted: datetime | None) -> Grade:
    """Return what one attempt is worth by itself, under the rules of the course."""
    return _graded(course, [Attempt(result, submitted)])


def _graded(course: Course, attempts: list[Attempt]) -> Grade:
    result = attempts[0].result
    due = course.due(result.slug, result.submission.student)
    return grade(attempts, due=due, late=course.late, counts=course.attempts.counts)


def _nothing(assignment: Assignment, student: str) -> Grade:
    return Grade(student=student, slug=assignment.slug, title=assignment.title, max_points=assignment.max_points)
