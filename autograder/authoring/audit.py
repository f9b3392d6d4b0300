"""Proves an exercise: grades its own answers, right, wrong and trivial, and says what that shows."""

import dataclasses
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from autograder.assemble import Examined, Probe
from autograder.assignment import Assignment
from autograder.authoring.evidence import MUTANT, RECORDED, REFERENCE, STUB, TRIVIAL_ANSWER, VARIANT, Evidence
from autograder.authoring.findings import Audit
from autograder.authoring.mutants import Mutant, mutants_of
from autograder.authoring.mutation import generate
from autograder.authoring.parts import answers_of, in_place_of, missing_parts, right_answers, stub_of, within
from autograder.authoring.survivors import load_equivalent, small_limits, surviving, survivor_holes, tally
from autograder.errors import AssignmentError, SubmissionError
from autograder.grading import Pool
from autograder.judge.marks import TRIVIAL
from autograder.sandbox.home import is_installed
from autograder.sandbox.runtime import OWN, find
from autograder.submission import Submission, receive

__all__ = ["audit"]

_MUTANT_ATTEMPTS = 3
"""A mistake that is caught on so many attempts is not caught by luck."""


def audit(
    pool: Pool,
    assignment: Assignment,
    seeds: int,
    started: Callable[[int], None],
    done: Callable[[str], None],
    *,
    generated: bool = True,
    runtimes: Path | None = None,
) -> Audit:
    """Grade an exercise's own answers in `pool`, and return what that shows.

    Args:
        pool: slots that can grade the assignment.
        assignment: the exercise.
        seeds: on how many attempts, from 1, the reference and the variants are graded.
        started: is told how many answers will be graded, and again how many more.
        done: is told the name of each when it is graded.
        generated: generate mutants of the reference too, once the reference is right.
        runtimes: where other runtimes are installed; what is not there is not graded, and named.

    Raises:
        AssignmentError: the exercise cannot be graded at all.
    """
    # The reference computes with the grader's own framework, whatever students use.
    own = () if OWN in assignment.runtimes else (OWN,)
    everywhere = dataclasses.replace(assignment, runtimes=(*assignment.runtimes, *own))
    answers = {name: path for name, path in answers_of(assignment).items() if path.is_file()}
    here = {name: path for name, path in answers.items() if is_installed(find(name), runtimes)}
    mutants = mutants_of(assignment.reference)
    others = {name: _named(name, mutants_of(path)) for name, path in here.items()}
    probes = [*_probes(everywhere, mutants, seeds), *_probes_elsewhere(everywhere, here, others, seeds)]
    mutants += [mutant for them in others.values() for mutant in them]
    started(len(probes))
    examined: list[Examined] = []
    for one in pool.examine_many(probes):
        examined.append(one)
        done(one.result.submission.student)
    evidence = Evidence(assignment, mutants, examined)
    found = Audit(
        slug=assignment.slug,
        title=assignment.title,
        seeds=seeds,
        holes=(*missing_parts(assignment, mutants), *evidence.holes()),
        tests=evidence.tests(),
        mutants=evidence.mutants(),
        nearest=evidence.nearest(),
        farthest=evidence.farthest(),
        not_installed=tuple(name for name in answers if name not in here),
    )
    references = [one for one in examined if one.result.submission.student == REFERENCE]
    right = all(one.result.points == assignment.max_points for one in references)
    return _with_generated(pool, everywhere, references, found, started, done) if generated and right else found


def _with_generated(
    pool: Pool,
    assignment: Assignment,
    references: Sequence[Examined],
    found: Audit,
    started: Callable[[int], None],
    done: Callable[[str], None],
) -> Audit:
    """Add to an audit what becomes of generated mutants."""
    equivalent = load_equivalent(assignment)
    source = assignment.reference.read_text(encoding="utf-8")
    made = generate(source, within(assignment, assignment.reference))
    started(len(made))
    reference = _received(assignment, assignment.reference, REFERENCE)
    alive = surviving(pool, small_limits(assignment, references), made, reference, done)
    return msgspec.structs.replace(
        found,
        holes=(*found.holes, *survivor_holes(assignment, made, alive, equivalent)),
        generated=tally(made, alive, equivalent),
    )


def _probes(assignment: Assignment, mutants: Sequence[Mutant], seeds: int) -> Iterator[Probe]:
    reference = _received(assignment, assignment.reference, REFERENCE)
    attempts = range(1, seeds + 1)
    yield from (Probe(assignment, reference, attempt) for attempt in attempts)
    if stub_of(assignment).is_file():
        yield Probe(assignment, _received(assignment, stub_of(assignment), STUB), 1)
    for name, path in right_answers(assignment)[OWN].items():
        variant = _received(assignment, path, VARIANT + name)
        yield from (Probe(assignment, variant, attempt) for attempt in attempts)
    for mutant in mutants:
        wrong = in_place_of(reference, assignment, mutant.source, MUTANT + mutant.name)
        yield from (Probe(assignment, wrong, attempt) for attempt in attempts[:_MUTANT_ATTEMPTS])
    yield Probe(assignment, msgspec.structs.replace(reference, student=RECORDED), 1, stand_in="reference")
    for kind in TRIVIAL:
        answer = msgspec.structs.replace(reference, student=TRIVIAL_ANSWER + kind)
        yield Probe(assignment, answer, 1, stand_in=kind)


def _probes_elsewhere(
    assignment: Assignment, runtimes: Collection[str], mutants: Mapping[str, Sequence[Mutant]], seeds: int
) -> Iterator[Probe]:
    """Yield what is graded in other runtimes: the right answers in each, and the mutants of the first."""
    attempts = range(1, min(seeds, _MUTANT_ATTEMPTS) + 1)
    for runtime in runtimes:
        right = [
            _received(assignment, path, VARIANT + name) for name, path in right_answers(assignment)[runtime].items()
        ]
        yield from (Probe(assignment, one, attempt) for one in right for attempt in attempts)
        for mutant in mutants[runtime]:
            wrong = in_place_of(right[0], assignment, mutant.source, MUTANT + mutant.name)
            yield Probe(assignment, wrong, 1)


def _named(runtime: str, mutants: Sequence[Mutant]) -> list[Mutant]:
    return [dataclasses.replace(mutant, name=f"{runtime}: {mutant.name}") for mutant in mutants]


def _received(assignment: Assignment, path: Path, name: str) -> Submission:
    try:
        return receive(path, assignment.module, name)
    except SubmissionError as error:
        raise AssignmentError(f"{path}: the {name} could not even be handed in: {error}") from error
