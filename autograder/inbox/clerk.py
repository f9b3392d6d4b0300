"""Takes in what students hand in, says what is to be graded, and answers each student. It grades nothing itself.

Whatever is killed between two steps, the next run takes them up again: what was handed in is recorded before it leaves
the inbox, and a student is answered before that is recorded.
"""

import contextlib
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime
from pathlib import Path

from autograder.assignment import Assignment
from autograder.course import Course
from autograder.errors import SubmissionError, SubmissionUnreadable
from autograder.gradebook import grade_of, handed_in
from autograder.inbox import kept
from autograder.inbox.collect import IN_TURN, Arrival, Left, Round
from autograder.inbox.drop import name_of
from autograder.inbox.feedback import Feedback, publish
from autograder.inbox.later import Later
from autograder.inbox.plan import Outcome, plan
from autograder.intake import Intake
from autograder.result import Result
from autograder.store import Received, Store

__all__ = ["Clerk"]

_MOST = 500
"""So many things of one student are kept for one exercise,"""
_MOST_BYTES = 2 * 2**30
"""and so many bytes of them for the whole course."""
_NOTES = 5
"""So many things that one account has left in the inbox are told one by one."""
_REOPENED = {Outcome.WAITING, Outcome.CLOSED, Outcome.TOO_MANY}
"""What may be graded after all, when the rules are no longer what they were."""
_OURS = "It could not be graded yet: the grader's fault, not yours. The staff are told, and it is graded again."


class Clerk:
    """The inbox of one course, for a grader that looks into it once or again and again."""

    def __init__(
        self,
        course: Course,
        folders: tuple[Path, Path],
        assignments: Mapping[str, Assignment],
        others: Collection[str],
        state: Path,
        store: Store,
        intake: Intake,
        tell: Callable[[str], None],
    ) -> None:
        """Know where everything is; `begin` comes before anything is done.

        Args:
            course: the rules.
            folders: the inbox and where feedback goes, as `open_folders` gives them.
            assignments: by slug, those whose work is graded in this run.
            others: slugs of the course's other exercises, whose work is left where it is.
            state: the course's own folder, where what was handed in is kept.
            store: where it is recorded.
            intake: reads it.
            tell: is given sentences for staff, each once.
        """
        self._inbox, self._published = folders
        self._course = course
        self._assignments = assignments
        self._others = others
        self._state = state
        self._store = store
        self._intake = intake
        self._tell = tell
        self.taken = 0
        """How many have come in."""
        self.settled: Counter[Outcome] = Counter()
        """What has become of how many."""
        self._told: set[str] = set()
        self._notes: Counter[str] = Counter()
        self._later = Later()
        self._owed: set[str] = set()
        self._open = _REOPENED
        self._round: Round | None = None

    def begin(self, course: Course) -> None:
        """Look into the inbox: what lies there now is taken by the next calls of `take`, and no more than that.

        Args:
            course: the rules. Where they are not those of the last time, what they turned away is looked at again.
        """
        changed = self._round is None or course != self._course
        self._open = _REOPENED if changed else {Outcome.WAITING}
        self._course = course
        self._later.tidy()
        self._owed = {name for name in self._owed if name in self._later}
        self._round = Round(
            self._inbox,
            course,
            self._assignments,
            kept.folder(self._state),
            others=self._others,
            room=self._room,
            later=self._later.__contains__,
        )

    def take(self) -> bool:
        """Take some of what lies there; record who handed it in and when, and whether it can be read.

        Returns whether there is more: of each account only the first few are taken at a time.
        """
        assert self._round is not None, "begin comes first"
        arrivals = self._round.turn()
        left: bool | None = None
        with contextlib.suppress(StopIteration):
            while True:
                arrival = arrivals.send(left)
                left = isinstance(arrival, Arrival) and not self._record(arrival)
                if isinstance(arrival, Left):
                    self._note(arrival)
        return not self._round.is_over

    def to_grade(self, now: datetime, *, wait: bool) -> list[Received]:
        """Return what is to be graded next, of each student only the first few. Students are told of what is not.

        `wait` False grades at once what the cool-down holds back.
        """
        found = []
        for slug, student in self._store.unsettled(self._assignments, self._open):
            theirs = plan(self._store.received([slug], student), self._course, now, wait=wait)
            for decision in theirs:
                received = decision.received
                if decision.outcome is not Outcome.GRADED and received.outcome != decision.outcome:
                    self._answer(received, decision.outcome, decision.said)
            ready = [one.received for one in theirs if one.outcome is Outcome.GRADED]
            found += [one for one in ready if one.name not in self._owed][:IN_TURN]
        return found

    def waiting(self) -> int:
        """Return how many wait for their cool-down."""
        return sum(
            one.outcome == Outcome.WAITING
            for slug, student in self._store.unsettled(self._assignments, {Outcome.WAITING})
            for one in self._store.received([slug], student)
        )

    def path(self, received: Received) -> Path:
        """Return where something that was handed in is kept."""
        return kept.place(self._state, received)

    def answer(self, received: Received, result: Result) -> None:
        """Publish a result to who handed it in. One that is not complete is graded again after a while."""
        if result.points is None:
            self.owe(received, f"{received.student}, {received.slug}: not graded yet. {result.error}".strip())
            self._publish(received, Outcome.WAITING, _OURS)
            return
        self._publish(received, Outcome.GRADED, "", result)
        self._settle(received, Outcome.GRADED)

    def owe(self, received: Received, why: str) -> None:
        """Leave something for the next run, or for some minutes, and tell staff why."""
        self._owed.add(received.name)
        self._later.put_off(received.name)
        self.tell_staff(why)

    def tell_staff(self, sentence: str) -> None:
        """Tell staff, once."""
        if sentence not in self._told:
            self._told.add(sentence)
            self._tell(sentence)

    def _note(self, left: Left) -> None:
        """Tell staff what was left in the inbox, but no flood of it, and look at it again only after a while."""
        self._later.put_off(left.name)
        if left.held_back:
            self._store.hold_back(left.held_back)
        self._notes[left.account] += left.why not in self._told
        if self._notes[left.account] <= _NOTES:
            self.tell_staff(left.why)
        else:
            self.tell_staff(f"More of what {left.account or 'others'} left in the inbox was left there.")

    def _record(self, arrival: Arrival) -> bool:
        """Record what arrived; return False where it could not be read, and stays in the inbox for later."""
        refused, digest = "", ""
        if not arrival.is_known:
            refused = f"The course's roster has nobody with the account {arrival.account}. Ask the course's staff."
            self.tell_staff(f"{arrival.kept} is from {arrival.account}, whom the roster does not have.")
        else:
            try:
                module = self._assignments[arrival.slug].module
                digest = self._intake.receive(arrival.kept, module, arrival.student).digest
            except SubmissionUnreadable as error:
                # Ours to look into: it stays in the inbox, with its time, and is tried again.
                self.tell_staff(f"{arrival.kept}, from {arrival.student}: {error}")
                self._later.put_off(name_of(arrival.slug, arrival.token))
                return False
            except SubmissionError as error:
                refused = str(error)
        name = f"{arrival.slug}+{arrival.token}"
        # What could not be read before came when it could: else somebody could have it come after others, and be first.
        held_back = self._store.was_held_back(f"{name}.zip")
        received = Received(
            name=name,
            slug=arrival.slug,
            student=arrival.student,
            arrived=datetime.now(UTC).replace(microsecond=0) if held_back else arrival.arrived,
            digest=digest,
        )
        known = self._store.has_received(name)
        is_open = self._store.receive(received)
        self.taken += not known
        if refused and is_open:
            self._answer(received, Outcome.REFUSED, refused)
        return True

    def _room(self, slug: str, student: str, size: int) -> str:
        """Say why nothing more of a student is kept; nothing where it is."""
        theirs = self._store.received({*self._assignments, *self._others}, student)
        times = sum(one.slug == slug for one in theirs)
        if times < _MOST and size + sum(map(self._size, theirs)) <= _MOST_BYTES:
            return ""
        return (
            f"{student} has handed in as much as is kept of one student ({_MOST} times for an exercise, or "
            f"{_MOST_BYTES // 2**30} GiB): what more there is stays in the inbox. Have a word with them, and remove it "
            "there."
        )

    def _size(self, received: Received) -> int:
        try:
            return self.path(received).stat().st_size
        except OSError:
            return 0

    def _answer(self, received: Received, outcome: Outcome, said: str) -> None:
        self._publish(received, outcome, said)
        self._settle(received, outcome, said)

    def _settle(self, received: Received, outcome: Outcome, said: str = "") -> None:
        self._store.settle(received.name, outcome, said)
        self.settled[outcome] += 1

    def _publish(self, received: Received, outcome: Outcome, said: str, result: Result | None = None) -> None:
        course = self._course
        worth = None
        if result is not None:
            # The same files handed in again count from when the course's rules say, and not from now.
            theirs = self._store.received([received.slug], received.student)
            counted = handed_in(theirs, course).get((received.slug, received.student, received.digest))
            worth = grade_of(course, result, counted or received.arrived)
        feedback = Feedback(
            slug=received.slug,
            outcome=outcome,
            said=said,
            arrived=received.arrived,
            extended=course.extended(received.slug, received.student),
            late_seconds=worth.late_seconds if worth else 0.0,
            penalty=worth.penalty if worth else 0.0,
            points=worth.points if worth else None,
            attempts_left=self._attempts_left(received),
            result=result,
        )
        publish(self._published, kept.token(received), feedback)

    def _attempts_left(self, received: Received) -> int | None:
        most = self._course.attempts.most
        if most is None:
            return None
        theirs = self._store.received([received.slug], received.student)
        used = {one.digest for one in theirs if one.outcome == Outcome.GRADED or one.name == received.name} - {""}
        return max(most - len(used), 0)
