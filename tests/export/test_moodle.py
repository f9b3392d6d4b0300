"""What Moodle makes of our CSV, by the rules of its own importer (`grade/import/csv/classes/load_data.php`)."""

import html
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from autograder.errors import CourseError, UsageError
from autograder.export import moodle
from autograder.result import Result, Status
from autograder.roster import Person
from autograder.scoring import Attempt, Grade, grade

DUE = datetime(2026, 12, 4, 12, 0, tzinfo=UTC)  # of conftest.py
PEOPLE = {
    "ada": Person(student="ada", email="ada@example.org", login="a.uensal", moodle_id="M1"),
    "bo": Person(student="bo", email="bo@example.org"),
}
EMAILS = {"ada@example.org": 1, "bo@example.org": 2, "eve@example.org": 3}


class Aborted(Exception):
    """Moodle has given up the whole import."""


def fgetcsv(text: str) -> Iterator[list[str]]:
    """Read as PHP does: a backslash in a quoted cell keeps the quote after it from ending the cell."""
    row: list[str] = []
    cell, place = "", 0
    while place < len(text):
        if text[place] == '"' and not cell:
            place += 1
            while place < len(text):
                if text[place] == "\\" and text[place + 1 : place + 2] == '"':
                    cell, place = cell + '\\"', place + 2
                elif text[place : place + 2] == '""':
                    cell, place = cell + '"', place + 2
                elif text[place] == '"':
                    place += 1
                    break
                else:
                    cell, place = cell + text[place], place + 1
        elif text[place] in ",\n":
            row.append(cell)
            if text[place] == "\n":
                yield row
                row = []
            cell, place = "", place + 1
        else:
            cell, place = cell + text[place], place + 1
    yield [*row, cell]


def imported(data: bytes, users: Mapping[str, int], columns: Sequence[str]) -> dict[int, list[Any]]:
    """Import a file; return for each user what is stored for each column but the first, which names the user.

    A column is `new`, `item` (one that is there already), or `feedback`. None is no grade.
    """
    text = data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n").strip()
    head, *body = fgetcsv(text)
    if any(len(row) != len(head) for row in body):
        raise Aborted("weird columns")
    return {_user(row[0], users): [_stored(*pair) for pair in zip(columns, row[1:], strict=True)] for row in body}


def _user(value: str, users: Mapping[str, int]) -> int:
    if value.strip() not in users:
        raise Aborted(f"no such user: {value}")
    return users[value.strip()]


def _stored(column: str, value: str) -> Any:
    value = value.strip()
    if column == "feedback":
        return value
    if value == "-" or (column == "item" and value == ""):
        return None
    # The database layer writes an empty text into a column of numbers as 0.
    number = 0.0 if value == "" else _number(value)
    if number > 100:
        raise Aborted("grade too big")
    return number


def _number(value: str) -> float:
    try:
        return float(value)
    except ValueError:
        raise Aborted(f"bad grade: {value}") from None


@pytest.mark.parametrize("column", ["new", "item"])
def test_each_student_gets_the_grade_that_is_theirs(worth: Callable[..., Grade], column: str) -> None:
    upload = moodle.write([worth("ada", 6.25), worth("bo", 0.0)], PEOPLE, "email")
    assert imported(upload.data, EMAILS, [column]) == {1: [6.25], 2: [0.0]}
    assert upload.notes == ()


@pytest.mark.parametrize("column", ["new", "item"])
def test_what_is_not_graded_is_no_grade_even_in_a_new_item(
    worth: Callable[..., Grade], missing: Grade, column: str
) -> None:
    grades = [worth("ada", None), worth("ada", 3.0, "b", "Bees"), worth("eve", 5.0), worth("bo", None), missing]
    people = {**PEOPLE, "eve": Person(student="eve", email="eve@example.org")}
    upload = moodle.write(grades, people, "email")
    assert imported(upload.data, EMAILS, [column, column]) == {1: [3.0, None], 3: [None, 5.0]}


@pytest.mark.parametrize(
    ("key", "known"), [("idnumber", {"M1": 1}), ("email", EMAILS), ("username", {"a.uensal": 1, "bo": 2})]
)
def test_a_student_is_found_by_the_key_that_was_asked_for(
    worth: Callable[..., Grade], key: moodle.Key, known: dict[str, int]
) -> None:
    upload = moodle.write([worth("ada", 1.0)], PEOPLE, key)
    assert imported(upload.data, known, ["item"]) == {1: [1.0]}
    assert upload.data.decode("utf-8-sig").startswith(f"{moodle.KEYS[key][0]},Toy")


def test_whom_moodle_would_not_know_is_left_out_with_a_sentence(worth: Callable[..., Grade]) -> None:
    grades = [worth(who, 1.0) for who in ("ada", "bo", "eve")]
    upload = moodle.write(grades, PEOPLE, "idnumber")
    assert imported(upload.data, {"M1": 1}, ["item"]) == {1: [1.0]}
    (note,) = upload.notes
    assert "whom it does not know: 2 students (bo, eve). The roster has no usable moodle_id for them." in note


def test_a_stranger_to_the_roster_is_left_out_whatever_they_are_called(worth: Callable[..., Grade]) -> None:
    upload = moodle.write([worth("bo", 1.0), worth("eve", 1.0)], PEOPLE, "username")
    assert imported(upload.data, {"bo": 2}, ["item"]) == {2: [1.0]}


def test_without_a_roster_everybody_goes_by_the_name_of_their_account(worth: Callable[..., Grade]) -> None:
    upload = moodle.write([worth("eve", 1.0)], {}, "username")
    assert imported(upload.data, {"eve": 3}, ["item"]) == {3: [1.0]}


def test_a_key_for_nobody_is_refused(worth: Callable[..., Grade]) -> None:
    with pytest.raises(
        UsageError, match=r"by ID number, and the roster has no moodle_id for any.*another --key: idnum"
    ):
        moodle.write([worth("bo", 1.0)], PEOPLE, "idnumber")


def test_one_key_for_two_students_is_refused(worth: Callable[..., Grade]) -> None:
    people = {who: Person(student=who, email="Same@x.org" if who == "ada" else "same@x.org") for who in ("ada", "bo")}
    with pytest.raises(CourseError, match=r"'ada' and 'bo' the same email"):
        moodle.write([worth("ada", 1.0), worth("bo", 1.0)], people, "email")


def test_a_key_that_would_be_a_formula_is_left_out(worth: Callable[..., Grade]) -> None:
    people = {**PEOPLE, "eve": Person(student="eve", email="=cmd@example.org")}
    upload = moodle.write([worth("ada", 1.0), worth("eve", 1.0)], people, "email")
    assert b"cmd" not in upload.data and "(eve)" in upload.notes[0]


def test_grades_that_moodle_refuses_are_announced(graded: Callable[..., Grade]) -> None:
    upload = moodle.write([graded("ada", Status.PASSED, points=120.0, max_points=120.0)], PEOPLE, "email")
    assert upload.notes[0].startswith("Moodle gives up the whole import at a grade above 100")


def test_a_class_without_a_grade_is_refused(missing: Grade) -> None:
    with pytest.raises(UsageError, match=r"No submission has points yet, so there is nothing to upload. Grade first"):
        moodle.write([missing], PEOPLE, "email")


def test_feedback_says_what_lateness_took(graded: Callable[..., Grade], missing: Grade) -> None:
    grades = [
        graded("ada", Status.PASSED, Status.PASSED, submitted=DUE + timedelta(hours=30)),
        graded("bo", Status.PASSED, Status.FAILED, submitted=DUE),
        missing,
    ]
    found = imported(moodle.write(grades, PEOPLE, "email", feedback=True).data, EMAILS, ["item", "feedback"])
    assert found[1][0] == 1.6
    assert found[1][1].startswith("2 / 2: all tests passed.")
    assert found[1][1].endswith("It came late, which took 0.4 points: 1.6 / 2 count.")
    assert "late" not in found[2][1]


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])  # `result` keeps nothing
@given(st.text())
@example('a \\" and , more')
@example("ends with a backslash, \\")
@example("<script>alert(1)</script> \\\\\\")
@example("-")
def test_no_feedback_breaks_out_of_its_cell(result: Callable[..., Result], text: str) -> None:
    grades = [
        grade([Attempt(result("ada", Status.PASSED))]),
        grade([Attempt(result("eve", error=f"It says: {text}", points=0.0))]),
    ]
    people = {**PEOPLE, "eve": Person(student="eve", email="eve@example.org")}
    found = imported(moodle.write(grades, people, "email", feedback=True).data, EMAILS, ["new", "feedback"])
    assert found[1][0] == 1.0 and found[3][0] == 0.0
    assert "<" not in found[3][1]
    assert html.unescape(found[3][1]).startswith("It says: ")
