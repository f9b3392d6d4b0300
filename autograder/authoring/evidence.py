"""From how an exercise's own answers were graded to the holes in it. Pure."""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from autograder.assemble import Examined
from autograder.assignment import Assignment
from autograder.authoring.findings import Margin, MutantFound, TestCode
from autograder.authoring.mutants import Mutant
from autograder.authoring.parts import right_answers, stub_of, within
from autograder.errors import nearest
from autograder.judge.marks import TRIVIAL
from autograder.judge.outcome import Outcome
from autograder.report.summary import summaries
from autograder.result import Status

__all__ = ["MUTANT", "RECORDED", "REFERENCE", "STUB", "TRIVIAL_ANSWER", "VARIANT", "Evidence"]

STUB, REFERENCE, RECORDED = "stub", "reference", "recorded reference"
VARIANT, MUTANT, TRIVIAL_ANSWER = "variant ", "mutant ", "trivial "
"""What the graded answers are called; the last three with a name behind."""


class Evidence:
    """Everything that was graded of one exercise, by the name of the answer."""

    def __init__(self, assignment: Assignment, mutants: Sequence[Mutant], examined: Iterable[Examined]) -> None:
        self._assignment = assignment
        self._mutants = mutants
        self._hidden = within(assignment, assignment.hidden)
        self._mutants_file = within(assignment, assignment.reference.with_name("mutants.toml"))
        self._right = {name: path for them in right_answers(assignment).values() for name, path in them.items()}
        self._graded: dict[str, list[Examined]] = defaultdict(list)
        # In an order that does not depend on who was done first.
        for one in sorted(examined, key=lambda one: (one.result.attempt, one.result.submission.student)):
            self._graded[one.result.submission.student].append(one)
        self._functions = {
            outcome.test.function: outcome.test for one in self._graded[REFERENCE][:1] for outcome in one.outcomes
        }

    def holes(self) -> list[str]:
        """Return a sentence for each hole, with the file and what to do."""
        return [
            *self._ungraded(),
            *self._right_answers(),
            *self._stub(),
            *self._known_mistakes(),
            *self._tests_without_mutant(),
            *self._trivial_answers(),
            *self._answers_sent(),
        ]

    def tests(self) -> tuple[TestCode, ...]:
        """Return the tests with their short names."""
        results = [one.result for one in self._graded[REFERENCE][:1]]
        return tuple(
            TestCode(code=test.code, id=test.id, title=test.title)
            for summary in summaries(results)
            for test in summary.tests
        )

    def mutants(self) -> tuple[MutantFound, ...]:
        """Return what caught each mutant, and by how much."""
        return tuple(self._mutant_found(mutant) for mutant in self._mutants)

    def nearest(self) -> Margin | None:
        """Return the greatest error of the mutant that is nearest to right."""
        return min((found.margin for found in self.mutants() if found.margin), key=_error, default=None)

    def farthest(self) -> Margin | None:
        """Return the greatest error of a variant that is right."""
        errors = (
            margin
            for name, graded in self._graded.items()
            for margin in _margins(name.removeprefix(VARIANT), graded)
            if name.startswith(VARIANT) and margin.error <= 1
        )
        return max(errors, key=_error, default=None)

    def _mutant_found(self, mutant: Mutant) -> MutantFound:
        graded = self._graded[MUTANT + mutant.name]
        failed = [{o.test.id for o in one.outcomes if o.status is not Status.PASSED} for one in graded]
        always = set.intersection(*failed) if failed else set()
        order = [outcome.test.id for one in graded[:1] for outcome in one.outcomes]
        # What is least over the attempts is what luck with the inputs cannot take away.
        worst = [max(_margins(mutant.name, [one]), key=_error) for one in graded if _outside(one)]
        margin = min(worst, key=_error) if worst and len(worst) == len(graded) else None
        return MutantFound(name=mutant.name, caught_by=tuple(test for test in order if test in always), margin=margin)

    def _ungraded(self) -> Iterator[str]:
        seen = set()
        for name, graded in sorted(self._graded.items(), key=lambda item: item[0] != REFERENCE):
            for one in graded:
                # Of an exercise that is open to several runtimes a stub names none.
                if one.result.error and name != STUB:
                    yield f"The {name} could not be graded: {one.result.error}"
                for outcome in one.outcomes:
                    if outcome.status is Status.UNGRADED and outcome.test.function not in seen:
                        seen.add(outcome.test.function)
                        lines = outcome.detail.strip().splitlines() or ["a test that it needs is not graded"]
                        yield (
                            f"{self._hidden}: {outcome.test.id} breaks on the {name}, on attempt {one.result.attempt}: "
                            f"{lines[-1]}. Correct the test."
                        )

    def _right_answers(self) -> Iterator[str]:
        for name, graded in self._graded.items():
            if name != REFERENCE and not name.startswith(VARIANT):
                continue
            path = self._right.get(name.removeprefix(VARIANT), self._assignment.reference)
            failed: dict[str, list[tuple[int, Outcome]]] = defaultdict(list)
            for one in graded:
                for outcome in one.outcomes:
                    if outcome.status not in (Status.PASSED, Status.UNGRADED, Status.WAITING):
                        failed[outcome.test.id].append((one.result.attempt, outcome))
            for test, times in failed.items():
                attempt, outcome = times[0]
                where = within(self._assignment, path)
                yield (
                    f"{where} fails {test} on {len(times)} of {len(graded)} attempts, the first of them "
                    f"{attempt}: {outcome.explanation} Correct it, or what the test allows."
                )

    def _stub(self) -> Iterator[str]:
        where = within(self._assignment, stub_of(self._assignment))
        for one in self._graded[STUB]:
            for outcome in _passed(one):
                yield (
                    f"{where}: the stub passes {outcome.test.id}. Have the stub raise NotImplementedError, and the "
                    "test ask for a value of every function that it is about."
                )

    def _known_mistakes(self) -> Iterator[str]:
        for mutant in self._mutants:
            file = within(self._assignment, mutant.path)
            for name in mutant.caught_by:
                if name not in self._functions:
                    yield (
                        f"{file}: caught_by of mutant {mutant.name!r} names {name!r}, which is no "
                        f"hidden test.{nearest(name, self._functions)} Correct the name."
                    )
                    continue
                for one in self._graded[MUTANT + mutant.name]:
                    if all(o.status is Status.PASSED for o in one.outcomes if o.test.function == name):
                        yield (
                            f"{file}: mutant {mutant.name!r} passes {name} on attempt "
                            f"{one.result.attempt}, which its caught_by names. Make the test catch "
                            "it, or take the test out of caught_by."
                        )
                        break

    def _tests_without_mutant(self) -> Iterator[str]:
        named = {name for mutant in self._mutants for name in mutant.caught_by}
        for function in self._functions:
            if function not in named:
                yield (
                    f"{self._mutants_file}: no mutant needs {function}. Add one that "
                    "it catches and names in caught_by, or delete the test."
                )

    def _trivial_answers(self) -> Iterator[str]:
        passed = {
            kind: {outcome.test.function for one in self._graded[TRIVIAL_ANSWER + kind] for outcome in _passed(one)}
            for kind in TRIVIAL
            if self._graded[TRIVIAL_ANSWER + kind]
        }
        for function, test in self._functions.items():
            kinds = [kind for kind in passed if function in passed[kind] and kind not in test.allowed]
            if kinds:
                gives = " or ".join(TRIVIAL[kind] for kind in kinds)
                marked = ", ".join(f'"{kind}"' for kind in kinds)
                yield (
                    f"{self._hidden}: {function} passes where every function answers with {gives}. Have it look at a "
                    f"value that this is not, or mark it @pytest.mark.allow({marked}, reason=…)."
                )
            for kind in test.allowed:
                if kind in passed and function not in passed[kind]:
                    yield self._needless(function, kind)

    def _answers_sent(self) -> Iterator[str]:
        sent = {test: where for one in self._graded[RECORDED] for test, where in reversed(one.answers_sent)}
        for function, test in self._functions.items():
            where = next((where for name, where in sent.items() if name.partition("[")[0] == function), "")
            if where and "argument" not in test.allowed:
                yield (
                    f"{self._hidden}: {function} sends its answer to the worker: {where}. Send less, or "
                    'mark it @pytest.mark.allow("argument", reason=…).'
                )
            if self._graded[RECORDED] and not where and "argument" in test.allowed:
                yield self._needless(function, "argument")

    def _needless(self, function: str, name: str) -> str:
        return (
            f"{self._hidden}: {function} allows {name!r}, and an audit finds no such thing in it. Take it "
            "out of the mark."
        )


def _passed(one: Examined) -> list[Outcome]:
    return [outcome for outcome in one.outcomes if outcome.status is Status.PASSED]


def _outside(one: Examined) -> bool:
    return any(outcome.margin is not None and outcome.margin > 1 for outcome in one.outcomes)


def _margins(answer: str, graded: Sequence[Examined]) -> Iterator[Margin]:
    for one in graded:
        for outcome in one.outcomes:
            if outcome.margin is not None:
                yield Margin(error=outcome.margin, answer=answer, test=outcome.test.id, attempt=one.result.attempt)


def _error(margin: Margin) -> float:
    return margin.error if not math.isnan(margin.error) else math.inf
