"""Which known mistake a submission makes: that of the mutant whose replies it gave.

A mutant is run on the tests that a submission did not pass, as the submission was, and only when there are such tests.
Its traces are kept for the next submission of the attempt. What is found is told; status and points never change.
"""

import dataclasses
import time
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

import msgspec

from autograder.assemble import Job
from autograder.authoring.mutants import Mutant
from autograder.judge.outcome import Outcome
from autograder.judge.trace import Likeness, Trace
from autograder.judge.verdict import told
from autograder.result import Status

__all__ = ["BUDGET_SECONDS", "KnownMistakes", "Rehearsal", "stand_in"]

BUDGET_SECONDS = 120.0
"""How long the mutants of an exercise may run for all submissions of one attempt that a slot grades."""
_KEPT_BYTES = 64 * 2**20
_TOLD = 900
_ENDS = (Status.FAILED, Status.RAISED, Status.REFUSED)
"""How a test must end for its trace to say something; where time or memory ran out is not the same twice."""

Rehearsal = Callable[[str, frozenset[str], float], Mapping[str, Outcome]]
"""Run a source on the tests of these ids, for so many seconds at most; how each ended, with its trace."""


def stand_in(job: Job, source: str, seconds: float) -> Job:
    """Return a job like this one for another module, which may take so long in all."""
    assignment = job.assignment
    limits = msgspec.structs.replace(assignment.limits, total_seconds=min(assignment.limits.total_seconds, seconds))
    files = {f"{assignment.module}.py": source.encode()}
    submission = msgspec.structs.replace(job.submission, files=files, notes=())
    return Job(dataclasses.replace(assignment, limits=limits), submission, job.attempt)


@dataclass(frozen=True)
class _Match:
    """A test on which a submission gave a mutant's replies."""

    test: str
    says_much: bool


class KnownMistakes:
    """The mutants of one exercise, and their traces as far as they were needed."""

    def __init__(self, mutants: Sequence[Mutant], reference: str, budget: float = BUDGET_SECONDS) -> None:
        """`reference` is the source of the reference."""
        self._mutants = tuple(mutants)
        self._reference = Mutant("", "", "", (), reference)
        self._budget = budget
        self._spent: dict[int, float] = {}
        self._known: OrderedDict[tuple[str, str, int], Outcome | None] = OrderedDict()
        self._bytes = 0

    def find(self, attempt: int, source: str, outcomes: Sequence[Outcome], rehearse: Rehearsal) -> dict[str, Mutant]:
        """Return the mutant that each test of a submission was failed like, by the test's id, where there is one.

        Of several with the same replies it is the one that explains most of the tests, then the one whose changed
        lines are in the submission's `source`; where that leaves several with different hints, it is none.
        """
        failed = [outcome for outcome in outcomes if _tells_something(outcome)]
        not_passed = {outcome.test.function for outcome in outcomes if outcome.status is not Status.PASSED}
        # A mutant fails every test that names it, whatever is drawn: who passes one of them does not make the mistake.
        plausible = [mutant for mutant in self._mutants if set(mutant.caught_by) <= not_passed] if failed else []
        matches: dict[str, list[_Match]] = {}
        for mutant in plausible:
            named = [outcome for outcome in failed if outcome.test.function in mutant.caught_by]
            matches[mutant.name] = self._matches(attempt, mutant, named, rehearse)
            if matches[mutant.name]:
                # One that explains a test may explain others, which it fails on some inputs only.
                others = [outcome for outcome in failed if outcome.test.function not in mutant.caught_by]
                matches[mutant.name] += self._matches(attempt, mutant, others, rehearse)
        sure = [mutant for mutant in plausible if _is_sure(mutant, matches[mutant.name], failed)]
        weight = {mutant.name: (len(matches[mutant.name]), _resemblance(mutant, source)) for mutant in sure}
        found: defaultdict[str, list[Mutant]] = defaultdict(list)
        for mutant in sorted(sure, key=lambda mutant: weight[mutant.name], reverse=True):
            for match in matches[mutant.name]:
                found[match.test].append(mutant)
        # Where nothing tells two mistakes apart, the hint for one of them may be the wrong one.
        return {
            test: first
            for test, (first, *others) in found.items()
            if all(other.hint == first.hint for other in others if weight[other.name] == weight[first.name])
        }

    def _matches(self, attempt: int, mutant: Mutant, asked: Sequence[Outcome], rehearse: Rehearsal) -> list[_Match]:
        ids = [outcome.test.id for outcome in asked]
        theirs = self._outcomes(attempt, mutant, ids, rehearse)
        right = self._outcomes(attempt, self._reference, ids, rehearse) if theirs else {}
        found = []
        for outcome in asked:
            known, reference = theirs.get(outcome.test.id), right.get(outcome.test.id)
            if known is None or reference is None or reference.status is not Status.PASSED:
                continue
            if _is_same(outcome, known):
                assert known.trace is not None and reference.trace is not None
                found.append(_Match(outcome.test.id, Likeness(reference.trace, known.trace).says_much()))
        return found

    def _outcomes(
        self, attempt: int, mutant: Mutant, tests: Collection[str], rehearse: Rehearsal
    ) -> dict[str, Outcome]:
        """Return how a mutant ends these tests, run where that is not known and there is time left."""
        missing = frozenset(test for test in tests if (mutant.name, test, attempt) not in self._known)
        left = self._budget - self._spent.get(attempt, 0.0)
        if missing and left > 0:
            begin = time.perf_counter()
            ran = rehearse(mutant.source, missing, left)
            self._spent[attempt] = self._spent.get(attempt, 0.0) + time.perf_counter() - begin
            for test in missing:
                self._keep((mutant.name, test, attempt), ran.get(test))
        known = {test: self._known.get((mutant.name, test, attempt)) for test in tests}
        return {test: outcome for test, outcome in known.items() if outcome is not None and outcome.trace is not None}

    def _keep(self, key: tuple[str, str, int], outcome: Outcome | None) -> None:
        self._known[key] = outcome
        self._bytes += _size(outcome)
        while self._bytes > _KEPT_BYTES:
            _, oldest = self._known.popitem(last=False)
            self._bytes -= _size(oldest)


def _tells_something(outcome: Outcome) -> bool:
    """Did it end on a reply, or on its source, and not before the submission did anything?"""
    if outcome.status not in _ENDS or outcome.trace is None:
        return False
    return bool(outcome.trace.exchanges) or outcome.status is Status.FAILED


def _is_same(mine: Outcome, theirs: Outcome) -> bool:
    """Did both give the same replies, and was the same said of them?"""
    if mine.trace is None or theirs.trace is None or mine.status is not theirs.status:
        return False
    likeness = Likeness(mine.trace, theirs.trace)
    if not likeness.is_complete():
        return False
    # How far off a value is changes with rounding; what an exception says stands in the trace.
    said, said_too = told(likeness.renamed(mine.explanation), _TOLD), told(theirs.explanation, _TOLD)
    return said == said_too or mine.status is not Status.FAILED


def _is_sure(mutant: Mutant, found: Sequence[_Match], failed: Sequence[Outcome]) -> bool:
    """Is it more than chance? Replies that many programs give must be the mutant's in each test that names it."""
    if any(match.says_much for match in found):
        return True
    named = {outcome.test.id for outcome in failed if outcome.test.function in mutant.caught_by}
    return bool(found) and named <= {match.test for match in found}


def _resemblance(mutant: Mutant, source: str) -> float:
    """How much of what a mutant changes is so in a source, line by line: 1 all of it, -1 nothing of it."""
    before = {line.strip() for find, _ in mutant.edits for line in find.splitlines()} - {""}
    after = {line.strip() for _, replace in mutant.edits for line in replace.splitlines()} - {""}
    gone, new = before - after, after - before
    return _share(new, source) - _share(gone, source)


def _share(lines: set[str], source: str) -> float:
    return sum(line in source for line in lines) / max(len(lines), 1)


def _size(outcome: Outcome | None) -> int:
    trace: Trace | None = outcome.trace if outcome is not None else None
    return (trace.size if trace is not None else 0) + 1024
