"""An audit is read in a terminal of a hundred columns, and as well in a file."""

import io
import math

import pytest
from rich.console import Console

from autograder.authoring.findings import Audit, Generated, Margin, MutantFound, Survivor
from autograder.authoring.findings import TestCode as Code
from autograder.authoring.show import render_audit, render_verdict


def margin(error: float) -> Margin:
    return Margin(error=error, answer="late", test="test_loss[cpu]", attempt=3)


SOUND = Audit(
    slug="toy",
    title="Toy",
    seeds=20,
    holes=(),
    tests=(Code(code="1.1", id="test_loss[cpu]", title="The loss is right."),),
    mutants=(
        MutantFound(name="late", caught_by=("test_loss[cpu]",), margin=margin(416.2)),
        MutantFound(name="missed", caught_by=(), margin=None),
    ),
    nearest=margin(416.2),
    farthest=margin(0.123),
    generated=Generated(made=10, killed=8, equivalent=2, survivors=()),
)
SURVIVOR = Survivor(id="0123456789", function="train", change="`+` becomes `-`", diff="-a + b\n+a - b")


def shown(audit: Audit) -> str:
    file = io.StringIO()
    Console(file=file, width=100).print(render_audit(audit))
    return file.getvalue()


def test_a_sound_exercise_is_shown_with_codes_margins_and_score() -> None:
    text = shown(SOUND)
    rows = [line.split() for line in text.splitlines()]
    assert ["late", "1.1", "416"] in rows and ["missed", "nothing"] in rows
    assert "Farthest variant inside:  0.12 of what is allowed (late, 1.1, attempt 3)" in text
    assert "Nearest mutant outside:   416 of what is allowed (late, 1.1, attempt 3)" in text
    assert "8 of 10 killed, 2 equivalent: 100.0 %" in text
    assert "✓ Sound, on 20 seeds." in text
    assert max(map(len, text.splitlines())) <= 100


def test_a_survivor_is_shown_with_its_diff_and_lowers_the_score() -> None:
    generated = Generated(made=10, killed=7, equivalent=2, survivors=(SURVIVOR,))
    holes = ("assignments/toy/hidden: [nothing] notices it.",)
    text = shown(Audit(slug="toy", title="Toy", seeds=1, holes=holes, generated=generated))
    assert "Survives: 0123456789, in train: `+` becomes `-`" in text and "  -a + b\n  +a - b" in text
    assert "87.5 %" in text
    assert "✗ assignments/toy/hidden: [nothing] notices it." in text and "Sound" not in text


@pytest.mark.parametrize(
    ("error", "written"), [(0.0, "0"), (0.0123, "0.012"), (99.0, "99"), (3e7, "3.0e+07"), (math.inf, "∞")]
)
def test_an_error_is_written_in_few_characters(error: float, written: str) -> None:
    mutants = (MutantFound(name="one", caught_by=("test_loss[cpu]",), margin=margin(error)),)
    text = shown(Audit(slug="toy", title="Toy", seeds=1, holes=(), mutants=mutants))
    assert ["one", "test_loss[cpu]", written] in [line.split() for line in text.splitlines()]


def test_the_verdict_counts_exercises_and_holes() -> None:
    broken = Audit(slug="toy", title="Toy", seeds=1, holes=("One.", "Two."))
    assert str(render_verdict([SOUND])) == "1 exercise, no hole."
    assert str(render_verdict([SOUND, broken])) == "2 exercises, 2 holes in 1."
