"""A class at a glance: the results of one assignment, in a fixed order, with what can be counted over them."""

import statistics
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from types import MappingProxyType

from autograder.report.text import number
from autograder.result import Result, Status, TestResult

__all__ = [
    "NONE_KNOWN",
    "AssignmentSummary",
    "Misconceptions",
    "MistakeSummary",
    "TestSummary",
    "by_student",
    "summaries",
]

Misconceptions = Mapping[str, Mapping[str, str]]
"""What a student who makes a known mistake believes, in a sentence: by slug, then by the mistake's name."""
NONE_KNOWN: Misconceptions = MappingProxyType({})


@dataclass(frozen=True)
class TestSummary:
    """How the class fared in one test."""

    code: str
    """Short name for a narrow column: the task and the test's place in it, `2.1`."""
    id: str
    title: str
    device: str | None
    counts: Counter[Status]
    common: str
    """The explanation that most submissions were given in the same words; empty unless two or more share it."""
    common_count: int

    @property
    def judged(self) -> int:
        """Submissions that this test has an answer for; the grader's own faults are no answer."""
        return self.counts.total() - self.counts[Status.UNGRADED]

    @property
    def passed(self) -> int:
        """Submissions that passed."""
        return self.counts[Status.PASSED]


@dataclass(frozen=True)
class MistakeSummary:
    """Who made a known mistake."""

    name: str
    misconception: str
    """The sentence that explains it; its name where there is none."""
    students: tuple[str, ...]
    """Each once, however often their submissions make it."""
    codes: tuple[str, ...]
    """The tests in which it was seen."""


@dataclass(frozen=True)
class AssignmentSummary:
    """All results of one assignment, by student and attempt."""

    slug: str
    title: str
    results: tuple[Result, ...]
    tests: tuple[TestSummary, ...]
    mistakes: tuple[MistakeSummary, ...]
    """The most frequent first."""

    @property
    def shares(self) -> tuple[float, ...]:
        """Points over the most possible, of the results that have points."""
        return tuple(share for result in self.results if (share := _share(result)) is not None)

    @property
    def not_graded(self) -> int:
        """Results without points."""
        return sum(result.points is None for result in self.results)

    @property
    def not_loaded(self) -> int:
        """Submissions that could not be loaded, so that nothing of them was judged."""
        return sum(bool(result.error) for result in self.results)

    @property
    def ungraded_tests(self) -> int:
        """Tests that the grader owes an answer for."""
        return sum(len(result.ungraded) for result in self.results)

    @property
    def practice(self) -> int:
        """Results whose marks are not valid."""
        return sum(not result.valid for result in self.results)

    @property
    def full_marks(self) -> int:
        """Results with all points."""
        return sum(share >= 1 for share in self.shares)

    @property
    def mean(self) -> str:
        """Mean of the points there are, in words."""
        return self._written(statistics.fmean)

    @property
    def median(self) -> str:
        """Median of the points there are, in words."""
        return self._written(statistics.median)

    def _written(self, average: Callable[[Sequence[float]], float]) -> str:
        if not self.shares:
            return "no points yet"
        most = {result.max_points for result in self.results}
        share = average(self.shares)
        # Attempts graded by different versions of a suite can have different totals; a percentage holds for them all.
        return f"{number(share * max(most))} / {number(max(most))}" if len(most) == 1 else f"{number(share * 100)} %"

    @property
    def distribution(self) -> tuple[int, ...]:
        """How many results are in each tenth of the points; the last tenth has the full marks."""
        # A share such as 0.29999999999999999 stands for three tenths, and belongs to the tenth that begins there.
        tenths = Counter(min(max(int(share * 10 + 1e-9), 0), 9) for share in self.shares)
        return tuple(tenths[place] for place in range(10))

    def row(self, result: Result) -> tuple[TestResult | None, ...]:
        """Return the result's tests in the order of `tests`; None where it has no such test."""
        found = {test.id: test for test in result.tests}
        return tuple(found.get(test.id) for test in self.tests)


def by_student(results: Sequence[Result]) -> dict[str, tuple[Result, ...]]:
    """Sort results by student, and each student's by assignment and attempt, whatever order they came in."""
    ordered = sorted(results, key=lambda result: (_student_order(result), result.slug, _tie_break(result)))
    return {name: tuple(group) for name, group in groupby(ordered, key=lambda result: result.submission.student)}


def summaries(results: Sequence[Result], misconceptions: Misconceptions = NONE_KNOWN) -> tuple[AssignmentSummary, ...]:
    """Sum up the results of each assignment, whatever order they came in."""
    ordered = sorted(results, key=lambda result: (result.slug, _student_order(result), _tie_break(result)))
    return tuple(
        _summary(slug, tuple(group), misconceptions.get(slug, {}))
        for slug, group in groupby(ordered, key=lambda result: result.slug)
    )


def _student_order(result: Result) -> tuple[str, str]:
    name = result.submission.student
    return name.casefold(), name


def _tie_break(result: Result) -> tuple[int, str, str]:
    return result.attempt, result.submission.digest, result.timings.started


def _share(result: Result) -> float | None:
    if result.points is None:
        return None
    return result.points / result.max_points if result.max_points else 1.0


def _summary(slug: str, results: tuple[Result, ...], misconceptions: Mapping[str, str]) -> AssignmentSummary:
    tests = _tests(results)
    return AssignmentSummary(slug, results[0].title, results, tests, _mistakes(results, tests, misconceptions))


def _mistakes(
    results: tuple[Result, ...], tests: tuple[TestSummary, ...], misconceptions: Mapping[str, str]
) -> tuple[MistakeSummary, ...]:
    students: dict[str, dict[str, None]] = {}
    places: dict[str, set[str]] = {}
    for result in results:
        for test in result.tests:
            if test.mistake:
                students.setdefault(test.mistake, {})[result.submission.student] = None
                places.setdefault(test.mistake, set()).add(test.id)
    found = [
        MistakeSummary(
            name=name,
            misconception=misconceptions.get(name, name),
            students=tuple(theirs),
            codes=tuple(test.code for test in tests if test.id in places[name]),
        )
        for name, theirs in students.items()
    ]
    return tuple(sorted(found, key=lambda mistake: (-len(mistake.students), mistake.name)))


def _tests(results: tuple[Result, ...]) -> tuple[TestSummary, ...]:
    """One summary a test: in the order of the longest result, then what only others have."""
    first = max(results, key=lambda result: len(result.tests))
    by_id: dict[str, list[TestResult]] = {test.id: [] for test in first.tests}
    for result in results:
        for test in result.tests:
            by_id.setdefault(test.id, []).append(test)
    places: Counter[int] = Counter()
    columns = []
    for tests in sorted(by_id.values(), key=lambda tests: tests[0].task):
        task = tests[0].task
        places[task] += 1
        columns.append(_test_summary(f"{task}.{places[task]}", tests))
    return tuple(columns)


def _test_summary(code: str, tests: list[TestResult]) -> TestSummary:
    explained = Counter(test.explanation for test in tests if test.explanation and test.status is not Status.WAITING)
    common, count = max(explained.items(), key=lambda item: (item[1], item[0]), default=("", 0))
    return TestSummary(
        code=code,
        id=tests[0].id,
        title=tests[0].title,
        device=tests[0].device,
        counts=Counter(test.status for test in tests),
        common=common if count > 1 else "",
        common_count=count if count > 1 else 0,
    )
