"""What Canvas makes of our CSV, by the rules of its own importer (`lib/gradebook_importer.rb` in canvas-lms)."""

import csv
import io
import re
from collections.abc import Callable
from dataclasses import dataclass, field

import msgspec
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from autograder.errors import CourseError, UsageError
from autograder.export import canvas
from autograder.roster import Person
from autograder.scoring import Grade


@dataclass(frozen=True)
class User:
    id: int
    name: str
    sortable_name: str = ""
    sis_user_id: str = ""
    login_id: str = ""


@dataclass
class Gradebook:
    """A course in Canvas that reads a file, and remembers what the file would change."""

    users: list[User]
    assignments: dict[int, str] = field(default_factory=dict)
    grades: dict[tuple[object, str], str] = field(default_factory=dict)
    """By the user's number, or the name of somebody unknown, and the title of the assignment."""
    points_possible: dict[str, str] = field(default_factory=dict)
    created: list[str] = field(default_factory=list)

    def read(self, data: bytes) -> None:
        text = data.decode("utf-8")  # Ruby keeps the byte order mark, as a part of the first cell,
        assert not text.startswith('\ufeff"')  # and takes a quote after it for malformed.
        lines = text.splitlines(keepends=True)
        separator = ";" if self._fields(lines[:3], ";") > self._fields(lines[:3], ",") else ","
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
        rows = [[_decimal(cell) for cell in row] for row in reader]
        titles = self._header(rows[0])
        for row in rows[1:]:
            if "Points Possible" in row[0]:
                self.points_possible = {title: row[place] for title, place in titles.items() if row[place]}
            elif not all(re.fullmatch(r"\s*(Muted|Manual Posting.*)?\s*", cell, re.IGNORECASE) for cell in row if cell):
                who = self._student(row)
                self.grades |= {(who, title): row[place].strip() for title, place in titles.items()}

    @staticmethod
    def _fields(lines: list[str], separator: str) -> int:
        try:
            counts = {len(next(csv.reader([line], delimiter=separator, strict=True))) for line in lines}
        except csv.Error:
            return 0
        return counts.pop() if len(counts) == 1 else 0

    def _header(self, row: list[str]) -> dict[str, int]:
        assert len(row) > 3 and "Student" in row[0] and "ID" in row[1]
        assert re.search(r"SIS\s+User\s+ID", row[2]) and re.search(r"SIS\s+Login\s+ID", row[3])
        assert "Section" in row[4]
        totals = "Current Score|Current Points|Current Grade|Final Score|Final Points|Final Grade|Override"
        titles = {}
        for heading in row[5:]:
            if re.search(totals, heading):
                continue
            found = re.fullmatch(r"(.*)\s\((\d+)\)", heading)
            title = self.assignments.get(int(found[2])) if found else None
            title = title or next((known for known in self.assignments.values() if known == heading), None)
            if title is None:
                title = found[1] if found else heading
                self.created.append(title)
            titles[title] = row.index(heading)
        return titles

    def _student(self, row: list[str]) -> object:
        number = re.match(r"\d*", row[1].strip())
        keys: list[Callable[[User], bool]] = [
            lambda user: bool(number and number[0]) and user.id == int(number[0] if number else 0),
            lambda user: bool(row[2]) and user.sis_user_id == row[2],
            lambda user: bool(row[3]) and user.login_id == row[3],
            lambda user: row[0] in (user.name, user.sortable_name),
        ]
        for fits in keys:
            for user in self.users:
                if fits(user):
                    return user.id
        return row[0]


def _decimal(cell: str) -> str:
    """Every cell that is a number is read with a comma or a point before its decimals."""
    if not re.fullmatch(r"-?[0-9.,]+%?", cell):
        return cell
    *whole, last = re.split("[,.]", cell)
    return f"{''.join(whole)}.{last}" if whole else last


PEOPLE = {
    "ada": Person(student="ada", first_name="Ada", last_name="Ünsal", canvas_id="11"),
    "bo": Person(student="bo", first_name="Bo", last_name='O"Neil, Jr.', sis_user_id="S2"),
    "chen": Person(student="chen", first_name="辰", last_name="Chen 🎓", sis_login_id="chen@uni"),
    "dora": Person(student="dora", first_name="Dora", last_name="Dee"),
}
USERS = [
    User(11, "A. Uensal"),
    User(12, "Robert", sis_user_id="S2"),
    User(13, "C", login_id="chen@uni"),
    User(14, "Dora Dee", "Dee, Dora"),
]


def test_each_student_gets_the_grade_that_is_theirs(worth: Callable[..., Grade]) -> None:
    gradebook = Gradebook(USERS, {7: "Toy"})
    points = {"ada": 10.0, "bo": 6.25, "chen": 1 / 3, "dora": 0.0}
    gradebook.read(canvas.write([worth(who, what) for who, what in points.items()], PEOPLE, {}).data)
    assert gradebook.grades == {(11, "Toy"): "10", (12, "Toy"): "6.25", (13, "Toy"): "0.333333", (14, "Toy"): "0"}
    assert gradebook.points_possible == {"Toy": "10"}
    assert gradebook.created == []


def test_what_is_not_graded_is_an_empty_cell(worth: Callable[..., Grade], missing: Grade) -> None:
    gradebook = Gradebook(USERS)
    grades = [worth("ada", None), worth("ada", 3.0, "other", "Other"), worth("bo", None), missing]
    grades.append(worth("chen", 5.0))
    gradebook.read(canvas.write(grades, PEOPLE, {}).data)
    # Who has no grade at all has no row: an empty cell deletes what somebody entered by hand.
    assert gradebook.grades == {(11, "Toy"): "", (11, "Other"): "3", (13, "Toy"): "5", (13, "Other"): ""}


def test_an_exercise_that_nobody_has_points_in_makes_no_column(worth: Callable[..., Grade]) -> None:
    gradebook = Gradebook(USERS)
    gradebook.read(canvas.write([worth("ada", 1.0), worth("ada", None, "b", "Bees")], PEOPLE, {}).data)
    assert gradebook.created == ["Toy"]


def test_a_number_finds_the_assignment_whatever_its_title(worth: Callable[..., Grade]) -> None:
    gradebook = Gradebook(USERS, {7: "Homework 1", 8: "Toy"})
    upload = canvas.write([worth("ada", 4.0)], PEOPLE, {"toy": "7"})
    gradebook.read(upload.data)
    assert gradebook.grades == {(11, "Homework 1"): "4"}
    assert upload.notes == ()


def test_without_a_number_the_notes_say_that_it_may_be_created(worth: Callable[..., Grade]) -> None:
    gradebook = Gradebook(USERS)
    upload = canvas.write([worth("ada", 4.0), worth("ada", 5.0, "b", "Bees")], PEOPLE, {"b": "9"})
    gradebook.read(upload.data)
    assert "Toy" in gradebook.created
    (note,) = upload.notes
    assert "offers to create what it has not: Toy. --canvas-id" in note


def test_two_exercises_with_one_title_keep_their_columns(worth: Callable[..., Grade]) -> None:
    gradebook = Gradebook(USERS)
    gradebook.read(canvas.write([worth("ada", 1.0, "a", "Same"), worth("ada", 2.0, "b", "Same")], PEOPLE, {}).data)
    assert gradebook.grades == {(11, "Same [a]"): "1", (11, "Same [b]"): "2"}


def test_a_title_that_is_the_name_of_a_column_keeps_its_own(worth: Callable[..., Grade]) -> None:
    gradebook = Gradebook(USERS)
    gradebook.read(canvas.write([worth("ada", 1.0, title="Section")], PEOPLE, {}).data)
    assert gradebook.grades == {(11, "Section [toy]"): "1"}


def test_a_title_that_looks_numbered_is_not_taken_for_that_assignment(worth: Callable[..., Grade]) -> None:
    gradebook = Gradebook(USERS, {2: "Exam"})
    gradebook.read(canvas.write([worth("ada", 1.0, title="Exercise (2)")], PEOPLE, {}).data)
    assert gradebook.grades == {(11, "Exercise (2) [toy]"): "1"}


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])  # `worth` keeps nothing
@given(st.text(min_size=1), st.text())
@example("Points Possible", "")
@example("Manual Posting", "Muted")
@example('"; ,;\n', '=cmd|"/c calc"!A1')
def test_no_name_takes_anybody_elses_grade(worth: Callable[..., Grade], first: str, last: str) -> None:
    gradebook = Gradebook(USERS)
    hostile = Person(student="eve", first_name=first, last_name=last, canvas_id="15")
    gradebook.users = [*USERS, User(15, "Eve")]
    gradebook.read(canvas.write([worth("ada", 2.0), worth("eve", 5.0)], {**PEOPLE, "eve": hostile}, {}).data)
    assert gradebook.grades == {(11, "Toy"): "2", (15, "Toy"): "5"}
    assert gradebook.points_possible == {"Toy": "10"}


def test_the_notes_name_those_whom_canvas_will_ask_about(worth: Callable[..., Grade]) -> None:
    upload = canvas.write([worth("ada", 1.0), worth("dora", 1.0), worth("eve", 1.0)], PEOPLE, {"toy": "1"})
    assert "no canvas_id, sis_user_id or sis_login_id for 2 students (dora, eve)" in upload.notes[0]


def test_a_key_that_would_be_a_formula_is_no_key(worth: Callable[..., Grade]) -> None:
    upload = canvas.write([worth("eve", 1.0)], {"eve": Person(student="eve", sis_login_id="=eve")}, {"toy": "1"})
    assert b"=eve" not in upload.data
    assert "(eve)" in upload.notes[0]


def test_a_canvas_id_that_is_no_number_is_refused(worth: Callable[..., Grade]) -> None:
    with pytest.raises(CourseError, match=r"gives 'eve' the canvas_id '11x', which is not a number.*Copy the column"):
        canvas.write([worth("eve", 1.0)], {"eve": Person(student="eve", canvas_id="11x")}, {})


def test_one_key_for_two_students_is_refused(worth: Callable[..., Grade]) -> None:
    people = {who: Person(student=who, sis_login_id="same") for who in ("ada", "eve")}
    with pytest.raises(CourseError, match=r"'ada' and 'eve' the same sis_login_id, 'same', so one.*Correct it"):
        canvas.write([worth("ada", 1.0), worth("eve", 1.0)], people, {})


def test_two_of_one_name_need_keys(worth: Callable[..., Grade]) -> None:
    people = {who: Person(student=who, first_name="Kim", last_name="Lee") for who in ("kim", "kim2")}
    grades = [worth("kim", 1.0), worth("kim2", 2.0)]
    with pytest.raises(CourseError, match=r"find 'kim' by name alone, and the roster has another 'Lee, Kim'.*Fill in"):
        canvas.write(grades, people, {})
    people = {who: msgspec.structs.replace(person, sis_user_id=who) for who, person in people.items()}
    assert b"kim2" in canvas.write(grades, people, {}).data


def test_a_title_that_canvas_passes_over_is_refused(worth: Callable[..., Grade]) -> None:
    with pytest.raises(UsageError, match=r"the title 'The Final Grade'.*passes over it. Give the exercise toy another"):
        canvas.write([worth("ada", 1.0, title="The Final Grade")], PEOPLE, {})
