"""`course.toml` and the roster."""

import re
import textwrap
import zoneinfo
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from autograder.course import Course, Person, load_course, public_text
from autograder.errors import CourseError

WHOLE = """
    format_version = 1
    title = "Deep learning"
    timezone = "Europe/Paris"
    roster = "roster.csv"
    inbox = "inbox"
    feedback = "/srv/feedback"

    [deadlines]
    norms = 2026-12-04T23:59:00
    metrics = 2026-12-11T12:00:00Z

    [extensions.bo]
    norms = 2026-12-07T23:59:00

    [late]
    grace_minutes = 15
    percent_per_day = 10
    most_percent = 50
    closes_after_days = 7

    [attempts]
    most = 10
    cool_down_minutes = 30
    counts = "last"
    """
ROSTER = 'student,first_name,last_name,email,login\nada,Ada,Ünsal,ada@example.org,\nbo,Bo,"O\'Neil, Jr.",,b.oneil\n'


@pytest.fixture
def course(tmp_path: Path) -> Callable[..., Course]:
    def write(text: str = WHOLE, roster: str = ROSTER) -> Course:
        (tmp_path / "course.toml").write_text(textwrap.dedent(text), encoding="utf-8")
        (tmp_path / "roster.csv").write_text(roster, encoding="utf-8")
        return load_course(tmp_path / "course.toml")

    return write


def test_a_time_without_a_zone_is_in_the_zone_of_the_course(course: Callable[..., Course]) -> None:
    assert course().due("norms") == datetime(2026, 12, 4, 22, 59, tzinfo=UTC)
    assert course().due("metrics") == datetime(2026, 12, 11, 12, 0, tzinfo=UTC)
    assert course().shown(datetime(2026, 12, 4, 22, 59, tzinfo=UTC)) == "Fri 4 Dec 2026, 23:59 CET"


def test_an_extension_moves_the_deadline_of_one_student(course: Callable[..., Course]) -> None:
    assert course().due("norms", "bo") == datetime(2026, 12, 7, 22, 59, tzinfo=UTC)
    assert course().due("norms", "ada") == course().due("norms")
    assert course().due("metrics", "bo") == course().due("metrics")


def test_an_exercise_closes_some_days_after_its_deadline(course: Callable[..., Course]) -> None:
    assert course().closes("norms", "bo") == datetime(2026, 12, 14, 22, 59, tzinfo=UTC)
    assert course().closes("another") is None


def test_people_are_known_by_their_id_and_by_their_account(course: Callable[..., Course]) -> None:
    found = course()
    assert found.person("bo").name == "Bo O'Neil, Jr."
    assert found.person("nobody").name == "nobody"
    by_login = {login: found.by_login(login) for login in ("b.oneil", "ada", "bo")}
    assert [person and person.student for person in by_login.values()] == ["bo", "ada", None]


def test_an_account_without_a_name_is_nobody_by_its_number() -> None:
    people = {"1042": Person(student="1042"), "1043": Person(student="1043", login="1043")}
    course = Course(people=people)
    assert course.by_login("1042") is None
    assert course.by_login("1043") is people["1043"], "unless the roster says so"


def test_without_a_roster_everybody_takes_part_under_the_name_of_their_account() -> None:
    person = Course().by_login("carla")
    assert person is not None
    assert person.student == "carla"


def test_students_are_given_the_rules_and_neither_the_roster_nor_an_extension(
    course: Callable[..., Course], tmp_path: Path
) -> None:
    whole = course()
    text = public_text(whole)
    assert "roster" not in text.replace("no roster", "")
    assert "bo" not in text.split()
    (tmp_path / "public").mkdir()
    (tmp_path / "public/course.toml").write_text(text, encoding="utf-8")
    public = load_course(tmp_path / "public/course.toml")
    assert public == msgspec.structs.replace(whole, people={}, extensions={})


def test_students_count_days_by_the_same_clocks_as_staff(tmp_path: Path) -> None:
    rules = WHOLE.replace('roster = "roster.csv"', "").replace("2026-12-04T23:59:00", "2026-10-20T23:59:00")
    rules = re.sub(r"\[extensions.*?(?=\[late)", "", rules, flags=re.DOTALL).replace("Z\n", "+09:00\n")
    (tmp_path / "course.toml").write_text(textwrap.dedent(rules), encoding="utf-8")
    staff = load_course(tmp_path / "course.toml")
    (tmp_path / "course.toml").write_text(public_text(staff), encoding="utf-8")
    students = load_course(tmp_path / "course.toml")
    closes = staff.closes("norms")
    assert closes is not None
    assert staff.shown(closes) == "Tue 27 Oct 2026, 23:59 CET", "by the clocks, which were put back in between"
    assert students == staff
    assert students.closes("norms") == closes


def test_a_deadline_in_the_hour_that_comes_twice_is_the_same_for_students(tmp_path: Path) -> None:
    zone = zoneinfo.ZoneInfo("Europe/Paris")
    second = datetime(2026, 10, 25, 2, 30, tzinfo=zone, fold=1)
    text = public_text(Course(timezone="Europe/Paris", deadlines={"norms": second}))
    (tmp_path / "course.toml").write_text(text, encoding="utf-8")
    due = load_course(tmp_path / "course.toml").due("norms")
    assert due is not None
    assert due.astimezone(UTC) == second.astimezone(UTC)


@pytest.mark.parametrize("title", ['Quotes " and \\ and\nlines', "ünï\x7f\N{GRINNING FACE}"])
def test_any_title_survives_being_written(title: str, tmp_path: Path) -> None:
    (tmp_path / "course.toml").write_text(public_text(Course(title=title)), encoding="utf-8")
    assert load_course(tmp_path / "course.toml").title == title


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("title =", "titel ="), "unknown key 'titel'. Did you mean 'title'?"),
        (("grace_minutes", "grace_minute"), "unknown key 'late.grace_minute'. Did you mean 'grace_minutes'?"),
        (("most = 10", "mots = 10"), "unknown key 'attempts.mots'. Did you mean 'most'?"),
        (("most = 10", "most = 0"), "attempts.most"),
        (("percent_per_day = 10", "percent_per_day = -1"), "late.percent_per_day must be a number that is not below 0"),
        (("percent_per_day = 10", "percent_per_day = nan"), "late.percent_per_day must be a number"),
        (("closes_after_days = 7", "closes_after_days = inf"), "late.closes_after_days must be a number"),
        (("cool_down_minutes = 30", "cool_down_minutes = inf"), "attempts.cool_down_minutes must be a number"),
        (('"last"', '"middle"'), "attempts.counts"),
        (("Europe/Paris", "Europe/Pariss"), "Did you mean 'Europe/Paris'?"),
        (("format_version = 1", "format_version = 2"), "format_version must be 1"),
        (("2026-12-11T12:00:00Z", '"soon"'), "deadlines.metrics = soon is no day with a time. Write it as 2026-"),
        (("2026-12-07T23:59:00", "2026-12-07"), "extensions.bo.norms = 2026-12-07 is no day with a time."),
        (("[late]", "[late"), "is not valid TOML"),
        (("extensions.bo", "extensions.bob"), "extensions.bob is for nobody in roster.csv. Did you mean 'bo'?"),
        (('"roster.csv"', '"list.csv"'), "list.csv cannot be read: No such file or directory"),
    ],
)
def test_what_is_wrong_in_course_toml_is_named(
    change: tuple[str, str], said: str, course: Callable[..., Course]
) -> None:
    assert change[0] in WHOLE
    with pytest.raises(CourseError) as error:
        course(WHOLE.replace(*change))
    assert said in str(error.value).replace("`$.", "").replace("$.", "")


@pytest.mark.parametrize(
    ("roster", "said"),
    [
        ("name\nada\n", "unknown column 'name'"),
        ("email\na@b\n", "has no column 'student'"),
        ("student\nada\nbo\nada\n", "line 4: 'ada' a second time"),
        ("student,email\nbo,\n,a@b\n", "line 3: no student"),
        ("student,login\nada,x\nbo,x\n", "two students have the login 'x'"),
        ('student\n"bo', "not valid CSV"),
        ("student,login\n", "names nobody, so nobody could hand in"),
    ],
)
def test_what_is_wrong_in_the_roster_is_named(roster: str, said: str, course: Callable[..., Course]) -> None:
    with pytest.raises(CourseError, match=said):
        course(roster=roster)


def test_a_course_that_is_not_there_is_named_with_where_it_was_looked_for(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match=r"course\.toml cannot be read: No such file"):
        load_course(tmp_path / "course.toml")


def test_a_deadline_for_no_exercise_is_refused_by_name(course: Callable[..., Course]) -> None:
    whole = course()
    whole.refuse_unknown(["norms", "metrics"])
    with pytest.raises(
        CourseError, match=r"deadlines\.metrics is for no exercise of this course\. Did you mean 'metric'"
    ):
        whole.refuse_unknown(["norms", "metric"])
    with pytest.raises(CourseError, match=r"deadlines\.norms is for no exercise"):
        whole.refuse_unknown(["metrics"])
