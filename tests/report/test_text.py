"""The words of a report."""

import msgspec
import pytest

from autograder.report.text import MARKS, clipped, next_step, number, one_line, score, shortened, visible, went_wrong
from autograder.result import Status

HIDDEN = [
    *(chr(code) for code in (*range(0x20), *range(0x7F, 0xA0)) if chr(code) not in "\n\t"),
    *"\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069",
    *"\u200b\u2028\u2029\ufeff\U000e0041",
    "\ud800",
    "\udfff",
]


@pytest.mark.parametrize("character", HIDDEN, ids=ascii)
def test_a_character_that_acts_unseen_is_written_as_its_escape(character):
    written = visible(f"a{character}b")
    assert written.isascii() and written.isprintable()
    assert written.startswith("a\\") and written.endswith("b")


def test_newlines_and_tabs_stay():
    assert visible("a\n\tb") == "a\n\tb"


@pytest.mark.parametrize("name", ["Zoë Weiß", "李雷", "محمد", "\u0639\u0644\u06cc\u200c\u0631\u0636\u0627", "e\u0301"])
def test_names_in_every_script_are_left_alone(name):
    assert visible(name) == name


def test_an_escape_sequence_cannot_clear_the_screen():
    assert visible("\x1b[2Jgone\x07") == "\\x1b[2Jgone\\x07"


def test_a_name_cannot_begin_a_line_of_its_own():
    assert one_line("eve\nanna  10 / 10\t!") == "eve\\nanna  10 / 10\\t!"


def test_a_long_text_says_how_much_of_it_is_missing():
    assert shortened("x" * 50, characters=40) == "x" * 40 + "\n... 10 more characters"
    assert shortened("1\n2\n3", lines=2) == "1\n2\n... 2 more characters"
    assert shortened("1\n2", characters=3, lines=2) == "1\n2"


def test_a_clipped_name_is_never_wider_than_its_column():
    assert clipped("anna", 4) == "anna"
    assert clipped("annabelle", 8) == "annab..."


@pytest.mark.parametrize(("points", "written"), [(7, "7"), (7.5, "7.5"), (20 / 3, "6.67"), (0, "0"), (100, "100")])
def test_points_are_written_as_people_do(points, written):
    assert number(points) == written


def test_missing_points_are_not_a_number():
    assert score(7.5, 10) == "7.5 / 10"
    assert score(0, 10) == "0 / 10"
    assert score(None, 10) == "not graded yet"


def test_every_status_has_its_own_letter_and_its_own_words():
    assert set(MARKS) == set(Status)
    assert len({mark.letter for mark in MARKS.values()}) == len(Status)
    assert len({mark.one for mark in MARKS.values()}) == len(Status)


def test_what_went_wrong_is_counted_by_status(result):
    statuses = (Status.PASSED, Status.FAILED, Status.FAILED, Status.TIMED_OUT, Status.WAITING)
    assert went_wrong(result("anna", *statuses)) == "2 wrong values, 1 timeout, 1 waiting"
    assert went_wrong(result("anna", Status.PASSED)) == "all tests passed"


def test_what_went_wrong_is_the_first_line_of_the_error_where_nothing_ran(result):
    assert went_wrong(result(error="toy.py: invalid syntax\nline 3")) == "toy.py: invalid syntax"
    assert went_wrong(result()) == "nothing was judged"


def test_the_next_step_is_the_first_test_that_the_student_can_mend(result):
    step = next_step(result("anna", Status.UNGRADED, Status.WAITING, Status.RAISED, Status.FAILED))
    assert step == 'Next: start with "Claim 2", then hand in again. 1 test not run yet, waiting for others to pass.'


def test_the_next_step_is_what_others_wait_for_and_then_the_earliest_task(result):
    tests = result("anna", Status.FAILED, Status.RAISED, Status.FAILED, Status.WAITING).tests
    first, second, third, waiting = (
        msgspec.structs.replace(test, task=task) for test, task in zip(tests, (5, 2, 3, 4), strict=True)
    )
    graded = msgspec.structs.replace(result(), tests=(first, second, third))
    assert next_step(graded).startswith('Next: start with "Claim 1"')
    waiting = msgspec.structs.replace(waiting, explanation=f"It needs “{first.title}” to pass first.")
    graded = msgspec.structs.replace(result(), tests=(first, second, third, waiting))
    assert next_step(graded).startswith('Next: start with "Claim 0"')


@pytest.mark.parametrize("statuses", [(Status.PASSED,), (Status.PASSED, Status.UNGRADED)])
def test_nothing_is_asked_of_a_student_who_has_nothing_to_mend(result, statuses):
    assert next_step(result("anna", *statuses)) == "There is nothing left for you to do here."


def test_a_submission_that_cannot_be_loaded_is_to_be_mended_and_handed_in_again(result):
    assert next_step(result(error="toy.py: invalid syntax")) == "Next: mend this, then hand in again."
    assert "Ask the staff" in next_step(result())
