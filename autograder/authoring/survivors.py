"""Which generated mutants the hidden suite lets pass, and which of those are known to be no mistakes."""

import dataclasses
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence

import msgspec

from autograder.assemble import Examined, Probe
from autograder.assignment import Assignment
from autograder.authoring.findings import Generated, Survivor
from autograder.authoring.mutation import GeneratedMutant
from autograder.authoring.parts import in_place_of, within
from autograder.errors import AssignmentError
from autograder.grading import Pool
from autograder.result import Status
from autograder.submission import Submission

__all__ = ["load_equivalent", "small_limits", "surviving", "survivor_holes", "tally"]

_ATTEMPTS = 3
"""What is not caught on so many attempts is not caught."""
_TIMES_SLOWER, _LEAST_SECONDS = 10, 2.0
"""A mutant may take so much longer than the reference took; below that, other work on the machine decides."""


def load_equivalent(assignment: Assignment) -> dict[str, str]:
    """Return the generated mutants that are no mistakes, by id, with the reason; none where there is no file.

    Raises:
        AssignmentError: the file is malformed, or a reason is empty.
    """
    path = assignment.reference.with_name("equivalent.toml")
    if not path.exists():
        return {}
    try:
        reasons = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), dict[str, str])
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as error:
        raise AssignmentError(f'{path}: {error}. Write a line for each: id = "why it is no mistake".') from error
    for name, reason in reasons.items():
        if not reason.strip():
            raise AssignmentError(f"{path}: {name} has no reason. Write why the mutant is no mistake.")
    return reasons


def small_limits(assignment: Assignment, references: Sequence[Examined]) -> Assignment:
    """Return the assignment with limits that end early what does not end, from what the reference needed."""
    longest = max(max(one.result.timings.tests.values(), default=0.0) for one in references)
    whole = max(one.result.timings.seconds for one in references)
    limits = msgspec.structs.replace(
        assignment.limits,
        call_seconds=min(assignment.limits.call_seconds, max(_LEAST_SECONDS, _TIMES_SLOWER * longest)),
        total_seconds=min(assignment.limits.total_seconds, max(5 * _LEAST_SECONDS, _TIMES_SLOWER * whole)),
    )
    return dataclasses.replace(assignment, limits=limits)


def surviving(
    pool: Pool,
    assignment: Assignment,
    mutants: Sequence[GeneratedMutant],
    reference: Submission,
    done: Callable[[str], None],
) -> list[GeneratedMutant]:
    """Return the mutants that pass every test, on each of a few attempts, in their order."""
    alive = {mutant.id: mutant for mutant in mutants}
    for attempt in range(1, _ATTEMPTS + 1):
        for one in pool.examine_many(list(_probes(assignment, alive, reference, attempt))):
            name = one.result.submission.student
            if any(outcome.status not in (Status.PASSED, Status.UNGRADED) for outcome in one.outcomes):
                del alive[name]
            if attempt == 1:
                done(f"generated {name}")
    return list(alive.values())


def _probes(
    assignment: Assignment, mutants: Mapping[str, GeneratedMutant], reference: Submission, attempt: int
) -> Iterator[Probe]:
    for mutant in mutants.values():
        wrong = in_place_of(reference, assignment, mutant.source, mutant.id)
        yield Probe(assignment, wrong, attempt, until_failure=True)


def tally(
    made: Sequence[GeneratedMutant], alive: Sequence[GeneratedMutant], equivalent: Mapping[str, str]
) -> Generated:
    """Return the score, and the survivors that are not known to be equivalent."""
    unknown = [mutant for mutant in alive if mutant.id not in equivalent]
    return Generated(
        made=len(made),
        killed=len(made) - len(alive),
        equivalent=len(alive) - len(unknown),
        survivors=tuple(
            Survivor(id=mutant.id, function=mutant.function, change=mutant.change, diff=mutant.diff)
            for mutant in unknown
        ),
    )


def survivor_holes(
    assignment: Assignment,
    made: Sequence[GeneratedMutant],
    alive: Sequence[GeneratedMutant],
    equivalent: Mapping[str, str],
) -> list[str]:
    """Return a sentence for each survivor, and for each entry of equivalent.toml that is out of date."""
    path = within(assignment, assignment.reference.with_name("equivalent.toml"))
    holes = [
        f"{within(assignment, assignment.hidden)}: nothing notices the generated mutant {mutant.id}, where in "
        f"{mutant.function or 'the module'} {mutant.change}. Add a test that fails on it, or write into {path} why it "
        f'is no mistake: {mutant.id} = "…".'
        for mutant in alive
        if mutant.id not in equivalent
    ]
    known, living = {mutant.id for mutant in made}, {mutant.id for mutant in alive}
    for name in equivalent:
        if name not in known:
            holes.append(f"{path}: {name} is the id of no generated mutant any more. Take it out.")
        elif name not in living:
            holes.append(f"{path}: the mutant {name} fails a test, so it is no equivalent. Take it out.")
    return holes
