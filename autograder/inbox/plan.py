"""Which of the things that a student handed in are graded, and when. Pure, and the same whenever staff look.

What came sooner than the cool-down after an attempt waits for the rest of it, and counts as having come when it came.
What would be one attempt too many, or came after the exercise closed, is kept and not graded, as long as the rules say
so. The same files handed in again are the same attempt.
"""

import enum
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from autograder.course import Course

if TYPE_CHECKING:  # the students' commands need the words of outcomes, and no database
    from autograder.store import Received

__all__ = ["Decision", "Outcome", "plan"]


class Outcome(enum.StrEnum):
    """What has become of something that was handed in."""

    GRADED = "graded"
    REFUSED = "refused"
    """It could not be read."""
    CLOSED = "closed"
    """It came after the exercise had closed."""
    TOO_MANY = "too_many"
    """It came after all attempts had been used."""
    WAITING = "waiting"
    """It is graded when the cool-down is over."""


@dataclass(frozen=True)
class Decision:
    """What to do with something that was handed in, where that is not what became of it already."""

    received: "Received"
    outcome: Outcome
    """GRADED: grade it now."""
    said: str = ""
    """A sentence for the student, where it is not graded now."""


def plan(received: "Sequence[Received]", course: Course, now: datetime, *, wait: bool = True) -> list[Decision]:
    """Return what to do with each thing that is not settled, or was turned away and need no longer be.

    Args:
        received: all that was ever handed in, with its outcomes, in the order of recording.
        course: the rules.
        now: the time.
        wait: False grades at once what would wait for the cool-down.
    """
    by_student: defaultdict[tuple[str, str], list[Received]] = defaultdict(list)
    for one in sorted(received, key=lambda one: one.arrived):
        by_student[one.slug, one.student].append(one)
    return [decision for theirs in by_student.values() for decision in _plan(theirs, course, now, wait)]


def _plan(theirs: "Sequence[Received]", course: Course, now: datetime, wait: bool) -> Iterator[Decision]:
    """Go through what one student handed in for one exercise, as if each had been looked at when it came."""
    rules = course.attempts
    settled = {one.digest for one in theirs if one.outcome == Outcome.GRADED}
    planned: dict[str, tuple[Outcome, datetime]] = {}  # what is graded, or waits, and until when
    free: datetime | None = None  # when the next attempt may be graded
    for one in theirs:
        closes = course.closes(one.slug, one.student)
        starts = one.arrived if free is None else max(one.arrived, free)
        turned_away = one.outcome in (Outcome.CLOSED, Outcome.TOO_MANY)
        if one.outcome == Outcome.REFUSED:
            continue
        if one.outcome == Outcome.GRADED or (not turned_away and one.digest in settled):
            decision = Outcome.GRADED
        elif not turned_away and one.digest in planned:
            decision, starts = planned[one.digest]
        elif closes is not None and one.arrived > closes:
            said = (
                f"It came after the exercise had closed, {course.shown(closes)}: it is kept, and not graded. "
                "Ask the course's staff if you should have had longer."
            )
            if one.outcome != Outcome.CLOSED:
                yield Decision(one, Outcome.CLOSED, said)
            continue
        elif rules.most is not None and len(settled | planned.keys()) >= rules.most:
            used = f"All {rules.most} attempts" if rules.most > 1 else "The one attempt"
            said = f"{used} at this exercise had been used: it is kept, and not graded. What was graded before counts."
            if one.outcome != Outcome.TOO_MANY:
                yield Decision(one, Outcome.TOO_MANY, said)
            continue
        elif wait and free is not None and free > now:
            decision = Outcome.WAITING
        else:
            decision = Outcome.GRADED
        if one.digest not in planned:
            planned[one.digest] = decision, starts
            free = starts + rules.cool_down
        if one.outcome != Outcome.GRADED:
            said = f"It is graded after {course.shown(starts)}, when the cool-down is over."
            yield Decision(one, decision, said if decision is Outcome.WAITING else "")
