"""Takes in what students hand in, says what is to be graded, and answers each student. It grades nothing itself.

Whatever is killed between two steps, the next run takes them up again: what was handed in is recorded before it leaves
the inbox, and a student is answered before that is recorded.
"""

import contextlib
import fcntl
import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path

from autograder.assignment import Assignment
from autograder.course import Course
from autograder.errors import GraderError, SubmissionError, SubmissionUnreadable, UsageError
from autograder.gradebook import grade_of
from autograder.inbox.collect import Arrival, collect, open_folders
from autograder.inbox.feedback import Feedback, publish
from autograder.inbox.plan import Outcome, plan
from autograder.intake import Intake
from autograder.result import Result
from autograder.store import Received, Store

__all__ = ["Clerk", "alone"]

_KEPT = "received"
_OURS = "It could not be graded yet: the grader's fault, not yours. The staff are told, and it is graded again."


@contextlib.contextmanager
def alone(state: Path) -> Iterator[None]:
    """Be the only one on this machine who empties the inbox of the course with this state.

    Raises:
        UsageError: somebody else is at it.
        GraderError: the state cannot be written.
    """
    try:
        state.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(state / "inbox.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise GraderError(f"{state} cannot be written: {error.strerror}. Name another folder with --state.") from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise UsageError(
            f"Another grade.py is at work on this inbox (it holds {state / 'inbox.lock'}). Let it finish, or stop it."
        ) from None
    finally:
        os.close(descriptor)


class Clerk:
    """The inbox of one course, for one run of the grader."""

    def __init__(
        self,
        course: Course,
        assignments: Mapping[str, Assignment],
        state: Path,
        store: Store,
        intake: Intake,
        tell: Callable[[str], None],
    ) -> None:
        """Open the two folders, making them where they are missing.

        Args:
            course: the rules.
            assignments: by slug, those that are handed in.
            state: the course's own folder, where what was handed in is kept.
            store: where it is recorded.
            intake: reads it.
            tell: is given sentences for staff, each once.

        Raises:
            CourseError: course.toml names no inbox or no feedback folder.
            GraderError: one of the folders cannot be made or opened.
        """
        self._inbox, self._published = open_folders(course)
        self._course = course
        self._assignments = assignments
        self._kept = state / _KEPT
        self._store = store
        self._intake = intake
        self._tell = tell
        self.taken = 0
        """How many have come in during this run."""
        self.settled: Counter[Outcome] = Counter()
        """What has become of how many during this run."""
        self._told: set[str] = set()
        self._owed: set[str] = set()

    def take(self) -> None:
        """Take what is new out of the inbox; record who handed it in and when, and whether it can be read."""
        arrivals = collect(self._inbox, self._course, self._assignments, self._kept)
        left: bool | None = None
        with contextlib.suppress(StopIteration):
            while True:
                arrival = arrivals.send(left)
                if isinstance(arrival, str):
                    self.tell_staff(arrival)
                left = not isinstance(arrival, str) and not self._record(arrival)

    def to_grade(self, now: datetime, *, wait: bool) -> list[Received]:
        """Return what is to be graded now. Students are told of what is not.

        `wait` False grades at once what the cool-down holds back.
        """
        found = []
        for decision in plan(self._store.received(self._assignments), self._course, now, wait=wait):
            received = decision.received
            if decision.outcome is not Outcome.GRADED:
                if received.outcome != decision.outcome:
                    self._answer(received, decision.outcome, decision.said)
            elif received.name not in self._owed:
                found.append(received)
        return found

    def waiting(self) -> int:
        """Return how many wait for their cool-down."""
        return sum(one.outcome == Outcome.WAITING for one in self._store.received(self._assignments))

    def path(self, received: Received) -> Path:
        """Return where something that was handed in is kept."""
        return self._kept / received.slug / f"{_token(received)}.zip"

    def answer(self, received: Received, result: Result) -> None:
        """Publish a result to who handed it in. One that is not complete is graded again by the next run."""
        if result.points is None:
            self._owed.add(received.name)
            self.tell_staff(f"{received.student}, {received.slug}: not graded yet. {result.error}".strip())
            self._publish(received, Outcome.WAITING, _OURS)
            return
        self._publish(received, Outcome.GRADED, "", result)
        self._settle(received, Outcome.GRADED)

    def tell_staff(self, sentence: str) -> None:
        """Tell staff, once."""
        if sentence not in self._told:
            self._told.add(sentence)
            self._tell(sentence)

    def _record(self, arrival: Arrival) -> bool:
        """Record what arrived; return False where it could not be read, and stays in the inbox for the next run."""
        refused, digest = "", ""
        if not arrival.student:
            refused = f"The course's roster has nobody with the account {arrival.account}. Ask the course's staff."
            self.tell_staff(f"{arrival.kept} is from {arrival.account}, whom the roster does not have.")
        else:
            try:
                module = self._assignments[arrival.slug].module
                digest = self._intake.receive(arrival.kept, module, arrival.student).digest
            except SubmissionUnreadable as error:
                # Ours to look into: it stays in the inbox, with its time, and the next run tries again.
                self.tell_staff(f"{arrival.kept}, from {arrival.student}: {error}")
                return False
            except SubmissionError as error:
                refused = str(error)
        received = Received(
            name=f"{arrival.slug}+{arrival.token}",
            slug=arrival.slug,
            student=arrival.student or arrival.account,
            arrived=arrival.arrived,
            digest=digest,
        )
        is_open = self._store.receive(received)
        self.taken += 1
        if refused and is_open:
            self._answer(received, Outcome.REFUSED, refused)
        return True

    def _answer(self, received: Received, outcome: Outcome, said: str) -> None:
        self._publish(received, outcome, said)
        self._settle(received, outcome, said)

    def _settle(self, received: Received, outcome: Outcome, said: str = "") -> None:
        self._store.settle(received.name, outcome, said)
        self.settled[outcome] += 1

    def _publish(self, received: Received, outcome: Outcome, said: str, result: Result | None = None) -> None:
        course = self._course
        worth = None if result is None else grade_of(course, result, received.arrived)
        feedback = Feedback(
            slug=received.slug,
            outcome=outcome,
            said=said,
            arrived=received.arrived,
            due=course.due(received.slug, received.student),
            late_seconds=worth.late_seconds if worth else 0.0,
            penalty=worth.penalty if worth else 0.0,
            points=worth.points if worth else None,
            attempts_left=self._attempts_left(received),
            result=result,
        )
        publish(self._published, _token(received), feedback)

    def _attempts_left(self, received: Received) -> int | None:
        most = self._course.attempts.most
        if most is None:
            return None
        theirs = [one for one in self._store.received([received.slug]) if one.student == received.student]
        used = {one.digest for one in theirs if one.outcome == Outcome.GRADED or one.name == received.name} - {""}
        return max(most - len(used), 0)


def _token(received: Received) -> str:
    return received.name.rpartition("+")[2]
