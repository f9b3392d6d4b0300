"""`grade.py flaky` names the tests that do not end alike, and tells apart why."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.store import Store

Run = Callable[..., subprocess.CompletedProcess[str]]

SUITE = """
    import itertools

    pytestmark = [pytest.mark.task(1), pytest.mark.points(1)]
    CALLS = itertools.count()

    def test_steady(student, draw, compare):
        '''Each element is doubled.'''
        x = draw.normal(9)
        compare.close(student.double(x), 2 * x)

    def test_no_seed(student, compare):
        '''The third run of all is unlucky.'''
        compare.that(next(CALLS) != 2, "Unlucky.")

    def test_rare(student, draw, compare):
        '''One of two signs is right.'''
        sign = 2 * int(draw.integers(0, 2, 1)) - 1
        compare.equal(student.sign(sign), sign)
"""
RIGHT = "def double(x):\n    return 2 * x\n\ndef sign(x):\n    return x\n"


@pytest.fixture
def grade_tiny(tiny_course: Callable[..., Path], tmp_path: Path, grade_py: Run, hand_in: Callable[..., Path]) -> Run:
    """Run `grade.py` on a course with a suite of three tests, or without some, or broken."""

    def run(
        *args: object, without: tuple[str, ...] = (), broken: str = "draw.normal(9)"
    ) -> subprocess.CompletedProcess[str]:
        head, *tests = SUITE.replace("draw.normal(9)", broken).split("    def ")
        kept = [test for test in tests if not test.startswith(without)]
        course = tiny_course("    def ".join([head, *kept]), RIGHT, points=len(kept))
        variant = course / "reference/tiny/variants/plus/tiny.py"
        variant.parent.mkdir(parents=True)
        variant.write_text(RIGHT.replace("2 * x", "x + x"))
        (tmp_path / "state").mkdir()
        (tmp_path / "state/secret").write_bytes(b"the secret of a course whose coins fall as they fall")
        return grade_py(*args, course=course, state=tmp_path / "state")

    hand_in(tmp_path / "class", "ada", RIGHT, "tiny.py")
    hand_in(tmp_path / "class", "bo", RIGHT.replace("return x\n", "return 1\n"), "tiny.py")
    hand_in(tmp_path / "class", "chen", "def double(:\n", "tiny.py")
    return run


def test_what_varies_is_named_with_its_submission_its_seed_and_its_counts(grade_tiny: Run, tmp_path: Path) -> None:
    done = grade_tiny("flaky", "tiny", tmp_path / "class", "--runs", 4, "--jobs", 1)
    assert done.returncode == 1, done.stderr
    said = " ".join(done.stdout.split())
    # The third run of all is the second submission's first, with its own seed: the variant's.
    assert "The third run of all is unlucky. variant plus the same passed 3, failed 1 of 4 runs" in said
    assert "Each element is doubled." not in said
    (rare,) = [line for line in done.stdout.splitlines() if "One of two signs" in line]
    assert " bo " in rare and " fresh " in rare and "of 5 seeds" in rare
    assert "passed" in rare and "failed" in rare
    assert "Same seed, and not the same outcome" in said
    assert "A submission that passes on some inputs and fails on others" in said
    assert "A right answer that fails" not in said
    assert "3 tests on 4 submissions, 4 runs with the same seed and 4 with fresh ones: 2 vary." in said
    assert "Note: chen is left out:" in done.stderr
    store = Store(tmp_path / "state")
    assert list(store.results(["tiny"])) == [], "nothing is recorded"
    store.close()


def test_where_nothing_varies_the_status_is_0(grade_tiny: Run) -> None:
    done = grade_tiny("flaky", "tiny", "--runs", 2, without=("test_no_seed", "test_rare"))
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == (
        "1 test on 2 submissions, 2 runs with the same seed and 2 with fresh ones: none varies."
    )


def test_what_the_grader_owes_an_answer_for_is_told(grade_tiny: Run) -> None:
    done = grade_tiny("flaky", "tiny", "--runs", 2, without=("test_no_seed", "test_rare"), broken="draw.norm(9)")
    assert done.returncode == 1
    assert "Note: 4 runs of the reference could not be graded: Each element is doubled." in done.stderr
    assert "none varies." in done.stdout


@pytest.mark.parametrize(("args", "words"), [(["tini"], "Did you mean 'tiny'?"), (["tiny", "--runs", "1"], "--runs")])
def test_misuse_is_status_2(grade_tiny: Run, args: list[str], words: str) -> None:
    done = grade_tiny("flaky", *args)
    assert done.returncode == 2
    assert words in done.stderr
