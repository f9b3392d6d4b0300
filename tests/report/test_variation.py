"""What varies is found, and whether the seed is to blame."""

import io
from collections.abc import Callable

import pytest
from rich.console import Console

from autograder.report.variation import Observations, render_variations
from autograder.result import Result, Status

PASSED, FAILED = Status.PASSED, Status.FAILED

Make = Callable[..., Result]


def observed(result: Make, same: list[Status], fresh: list[Status], *, right: bool = False) -> Observations:
    seen = Observations()
    for status in same:
        seen.add(result("ada", status), right=right, same_seed=True)
    for status in fresh:
        seen.add(result("ada", status), right=right, same_seed=False)
    return seen


def shown(seen: Observations) -> str:
    file = io.StringIO()
    Console(file=file, width=200).print(render_variations(seen.variations()))
    return " ".join(file.getvalue().split())


@pytest.mark.parametrize("status", [PASSED, FAILED, Status.TIMED_OUT])
def test_what_ends_alike_every_time_varies_not_whatever_the_end(result: Make, status: Status) -> None:
    seen = observed(result, [status] * 3, [status] * 3)
    assert seen.variations() == [] and shown(seen) == ""


def test_the_same_seed_comes_first(result: Make) -> None:
    (found,) = observed(result, [PASSED, FAILED, PASSED], [PASSED, FAILED, FAILED]).variations()
    assert found.same_seed and found.counts == {PASSED: 2, FAILED: 1}


def test_runs_with_the_same_seed_are_one_seed_among_the_fresh_ones(result: Make) -> None:
    seen = observed(result, [FAILED] * 3, [PASSED] * 3)
    (found,) = seen.variations()
    assert not found.same_seed and found.counts == {PASSED: 3, FAILED: 1}
    assert "fresh passed 3, failed 1 of 4 seeds" in shown(seen)


@pytest.mark.parametrize(
    ("right", "same", "words"),
    [
        (True, [PASSED, PASSED], "A right answer that fails on some inputs: the tolerance is too tight"),
        (False, [PASSED, PASSED], "if it is wrong, the inputs that show it are rare"),
        (True, [PASSED, FAILED], "Same seed, and not the same outcome"),
    ],
)
def test_what_to_do_follows_from_who_varies_and_with_which_seed(
    result: Make, right: bool, same: list[Status], words: str
) -> None:
    said = shown(observed(result, same, [FAILED, PASSED], right=right))
    openings = ("A right answer that", "A submission that passes", "Same seed, and not")
    assert words in said
    assert sum(opening in said for opening in openings) == 1


def test_two_attempts_of_one_student_are_not_taken_for_one_that_varies(result: Make) -> None:
    seen = observed(result, [PASSED, PASSED], [PASSED, PASSED])
    other = result("ada", FAILED)
    for _ in range(2):
        record = type(other.submission)(student="ada", digest="1" * 64, files=("toy.py",))
        seen.add(result("ada", FAILED, submission=record), right=False, same_seed=True)
    assert seen.variations() == []
    assert len(seen.submissions) == 2 and seen.tests == 1
