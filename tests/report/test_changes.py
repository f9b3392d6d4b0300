"""What a changed suite does to a class is counted, and laid at the door of the test that does it."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from rich.console import Console

from autograder.report.changes import Changes, compare, render_changes
from autograder.result import Result, Status
from autograder.result import TestResult as HiddenTest

Make = Callable[..., Result]

PASSED, FAILED, UNGRADED = Status.PASSED, Status.FAILED, Status.UNGRADED


def shown(changes: Changes, encoding: str = "utf-8") -> str:
    raw = io.BytesIO()
    file = io.TextIOWrapper(raw, encoding=encoding)
    Console(file=file, width=160).print(render_changes(changes))
    file.flush()
    return " ".join(raw.getvalue().decode(encoding).split())


def test_those_who_change_come_by_the_size_of_the_change_and_are_counted(result: Make) -> None:
    before = [
        result("ada", PASSED, PASSED, PASSED),
        result("bo", PASSED, FAILED, FAILED),
        result("chen", FAILED, FAILED, FAILED),
        result("dora", PASSED, PASSED, PASSED),
    ]
    after = [
        result("ada", PASSED, PASSED, FAILED),
        result("bo", PASSED, PASSED, PASSED),
        result("chen", FAILED, Status.RAISED, FAILED),
        result("dora", PASSED, PASSED, PASSED),
    ]
    changes = compare(before, after)
    assert [(one.student, one.difference) for one in changes.changes] == [("bo", 2.0), ("ada", -1.0)]
    assert (changes.graded, changes.unchanged, changes.up, changes.down, changes.first) == (4, 2, 1, 1, 0)
    assert (changes.mean_before, changes.mean_after) == (7 / 4, 8 / 4)
    text = shown(changes)
    assert "bo 1 → 3 +2 Claim 1: failed → passed Claim 2: failed → passed" in text
    assert "ada 3 → 2 -1 Claim 2: passed → failed" in text
    assert "4 submissions: 2 unchanged, 1 up, 1 down; mean 1.75 → 2 of 3." in text
    assert "Points are raw, before the late policy." in text
    assert "chen" not in text and "dora" not in text


def test_one_test_up_and_one_down_is_shown_though_the_sum_is_the_same(result: Make) -> None:
    changes = compare([result("ada", PASSED, FAILED)], [result("ada", FAILED, PASSED)])
    assert (changes.unchanged, changes.up, changes.down) == (1, 0, 0)
    assert "ada 1 → 1 +0 Claim 0: passed → failed Claim 1: failed → passed" in shown(changes)


@pytest.fixture
def renamed(result: Make, hidden_test: Callable[..., HiddenTest]) -> Changes:
    """A suite that has lost a test, and has a new one."""
    kept = hidden_test(id="test_kept", title="It stays.")
    old = hidden_test(id="test_old", title="It goes.")
    new = hidden_test(id="test_new", title="It comes.", max_points=2.0, points=2.0)
    fails = hidden_test(FAILED, id="test_new", title="It comes.", max_points=2.0)
    before = [result("ada", tests=(kept, old)), result("bo", tests=(kept, old))]
    return compare(before, [result("ada", tests=(kept, new)), result("bo", tests=(kept, fails))])


def test_new_and_removed_tests_are_named_as_such(renamed: Changes) -> None:
    assert [(test.id, test.passed, test.judged) for test in renamed.new_tests] == [("test_new", 1, 2)]
    assert renamed.removed_tests == ("It goes.",)
    text = shown(renamed)
    assert 'New test: "It comes", passed by 1 of 2.' in text
    assert 'No longer a test: "It goes".' in text
    assert "It comes: new test, passed" in text
    assert "It goes: no longer a test, was passed" in text
    assert "The exercise was worth 2 points, and is worth 3 now." in text


def test_a_new_test_that_fails_takes_no_points_from_anybody(renamed: Changes) -> None:
    (bo,) = [change for change in renamed.changes if change.student == "bo"]
    assert (bo.points_before, bo.points_after) == (2.0, 1.0)
    assert [test.id for test in bo.tests] == ["test_old"]


def test_other_points_for_the_same_outcome_are_a_change(result: Make, hidden_test: Callable[..., HiddenTest]) -> None:
    dearer = hidden_test(id="test_0", title="Claim 0.", points=2.0, max_points=2.0)
    changes = compare([result("ada", PASSED)], [result("ada", tests=(dearer,))])
    assert "ada 1 → 2 +1 Claim 0: passed, 1 → 2 points" in shown(changes)


def test_what_had_no_points_before_is_in_no_mean(result: Make) -> None:
    before = [result("ada", UNGRADED), result("bo", PASSED)]
    changes = compare(before, [result("ada", FAILED), result("bo", PASSED)])
    assert (changes.first, changes.unchanged, changes.mean_after) == (1, 1, 1.0)
    text = shown(changes)
    assert "ada not graded yet → 0 +0 Claim 0: ungraded → failed" in text
    assert "1 unchanged, 0 up, 0 down, 1 with points for the first time" in text


def test_without_changes_there_is_no_table(result: Make) -> None:
    changes = compare([result("ada", PASSED)], [result("ada", PASSED)])
    assert changes.changes == () and "who changes" not in shown(changes)


@pytest.mark.parametrize("encoding", ["ascii", "utf-8"])
def test_any_name_can_be_shown_in_any_encoding(result: Make, encoding: str, hidden_test: Any) -> None:
    title = "It\x1b[31m is [bold]right[/]."
    test = hidden_test(FAILED, id="test_0", title=title)
    changes = compare([result("gül\n", PASSED)], [result("gül\n", tests=(test,))])
    text = shown(changes, encoding)
    assert "\x1b" not in text and "[bold]right[/]" in text
    assert ("g\\xfcl\\n" if encoding == "ascii" else "gül\\n") in text
    assert ("1 -> 0" if encoding == "ascii" else "1 → 0") in text
