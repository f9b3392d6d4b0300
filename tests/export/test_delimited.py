"""The plain table as CSV: whole for programs, harmless in spreadsheets."""

import csv
import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from autograder.export import delimited
from autograder.export.table import Kind, Table, grade_table, per_test_table
from autograder.report.text import visible
from autograder.result import Status
from autograder.result import TestResult as HiddenTest
from autograder.roster import Person
from autograder.scoring import Grade

NOON = datetime(2026, 12, 4, 12, 0, tzinfo=UTC)


def rows(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True))


def records(data: bytes) -> list[dict[str, str]]:
    head, *body = rows(data)
    return [dict(zip(head, row, strict=True)) for row in body]


def test_a_row_says_who_got_what_for_which_exercise(graded: Callable[..., Grade]) -> None:
    people = {"anna": Person(student="anna", first_name="Änna", last_name='O"Neil, Jr.', email="a@b.c", section="A")}
    grade = graded("anna", Status.PASSED, Status.FAILED, submitted=NOON + timedelta(hours=25))
    assert records(delimited.write(grade_table([grade], people))) == [
        {
            "student": "anna",
            "last_name": 'O"Neil, Jr.',
            "first_name": "Änna",
            "email": "a@b.c",
            "section": "A",
            "exercise": "toy",
            "title": "Toy",
            "state": "graded",
            "points": "0.6",
            "max_points": "2",
            "raw_points": "1",
            "penalty": "0.4",
            "hours_late": "25",
            "submitted": "2026-12-05T13:00:00+00:00",
            "attempt": "1",
            "summary": "1 wrong value",
        }
    ]


def test_what_has_no_points_is_empty_and_never_0(graded: Callable[..., Grade], missing: Grade) -> None:
    ungraded = graded("anna", Status.UNGRADED)
    first, second = records(delimited.write(grade_table([ungraded, missing], {})))
    assert (first["state"], second["state"]) == ("ungraded", "missing")
    for row in (first, second):
        assert (row["points"], row["raw_points"], row["penalty"], row["hours_late"]) == ("", "", "", "")
    assert (first["attempt"], second["attempt"]) == ("1", "")


def test_the_table_of_tests_has_a_row_for_each_and_nothing_for_staff(
    graded: Callable[..., Grade], hidden_test: Callable[..., HiddenTest], missing: Grade
) -> None:
    tests = (
        hidden_test(Status.FAILED, id="test_b", title="B holds.", explanation="It is off.", detail="expected 42"),
        hidden_test(Status.UNGRADED, id="test_c", title="C holds.", device="cpu", output="secret 43"),
    )
    data = delimited.write(per_test_table([graded("anna", tests=tests), missing]))
    first, second = records(data)
    assert first["claim"] == "B holds." and first["points"] == "0" and first["explanation"] == "It is off."
    assert second["claim"] == "C holds. [cpu]" and second["points"] == "" and second["status"] == "ungraded"
    assert b"42" not in data and b"43" not in data


names = st.text(max_size=20)


@settings(deadline=None)
@given(names, names)
@example('Müller, "Max"\n;Jr', "🎓")
@example("=1+1", "+49")
@example("\ud800\x00\r", "﻿")
def test_any_text_comes_back_but_for_what_makes_it_safe(one: str, other: str) -> None:
    table = Table({"one": Kind.TEXT, "other": Kind.TEXT}, [(visible(one), visible(other))])
    read = rows(delimited.write(table))
    assert read == [["one", "other"], [delimited.safe(visible(one)), delimited.safe(visible(other))]]


@settings(deadline=None)
@given(st.text(st.characters(categories=["L", "N", "P", "Zs"], exclude_characters="=+-@＝＋－＠;"), max_size=20))
def test_an_ordinary_name_is_not_touched(name: str) -> None:
    assert delimited.safe(name) == name


@settings(deadline=None)
@given(st.text("=+-@＝＋－＠;\t\n\rax,\"'", max_size=12))
def test_no_cell_begins_as_a_formula_wherever_a_spreadsheet_begins_one(text: str) -> None:
    if text == "-":
        return
    safe = delimited.safe(text)
    for separator in (";", "\t", "\n", "\r"):
        for cell in safe.split(separator):
            assert cell[:1] not in {"=", "+", "@", "＝", "＋", "－", "＠"}, (text, safe)
            assert cell[:1] != "-" or cell == "-", (text, safe)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (7.0, "7"),
        (7.5, "7.5"),
        (1 / 3, "0.333333"),
        (1e-9, "0"),
        (-1.25, "-1.25"),
        (1e15, "1000000000000000"),
        (0, "0"),
    ],
)
def test_a_number_stays_a_number_without_an_exponent(number: float, text: str) -> None:
    assert rows(delimited.csv_bytes([["n"], [number]])) == [["n"], [text]]


def test_excel_is_told_that_it_is_utf_8() -> None:
    assert delimited.csv_bytes([["ü"]]) == b"\xef\xbb\xbf\xc3\xbc\r\n"
