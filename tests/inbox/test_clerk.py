"""What one student may have kept, and how the staff's side goes through many students' work."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from autograder.assignment import Assignment
from autograder.course import Course
from autograder.inbox import clerk as clerks
from autograder.inbox.clerk import Clerk
from autograder.inbox.collect import IN_TURN, open_folders
from autograder.inbox.drop import archived, drop, new_token
from autograder.intake import Intake
from autograder.store import Received, Store

NOW = datetime(2026, 12, 4, tzinfo=UTC)


@pytest.fixture
def course(tmp_path: Path) -> Course:
    return Course(inbox=tmp_path / "inbox", feedback=tmp_path / "feedback")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with closing(Store(tmp_path / "state")) as store:
        yield store


@pytest.fixture
def told() -> list[str]:
    """What staff are told."""
    return []


@pytest.fixture
def clerk(course: Course, store: Store, basics: Assignment, tmp_path: Path, told: list[str]) -> Iterator[Clerk]:
    with closing(Intake()) as intake:
        yield Clerk(
            course, open_folders(course), {"basics": basics}, (), tmp_path / "state", store, intake, told.append
        )


def hand_in(course: Course, number: int) -> None:
    assert course.inbox is not None
    drop(course.inbox, "basics", new_token(), archived({"basics.py": f"# {number}\n".encode()}))


def test_only_so_much_of_one_student_is_kept_and_staff_are_told_once(
    clerk: Clerk, course: Course, told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clerks, "_MOST", 2)
    for number in range(4):
        hand_in(course, number)
    while clerk.take():
        pass
    clerk.take()
    assert clerk.taken == 2
    assert [sentence.partition(" has ")[2] for sentence in told] == [
        "handed in as much as is kept of one student (2 times, or 2 GiB): what more there is stays in the inbox. "
        "Have a word with them, and remove it there."
    ]
    assert course.inbox is not None
    assert len(list(course.inbox.iterdir())) == 2


def test_only_so_many_bytes_of_one_student_are_kept(
    clerk: Clerk, course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clerks, "_MOST_BYTES", 200)  # an archive of one line has a hundred and more
    for number in range(3):
        hand_in(course, number)
    while clerk.take():
        pass
    assert clerk.taken == 1


def test_each_student_has_their_turn(clerk: Clerk, store: Store) -> None:
    for student, count in (("ada", 10), ("bo", 1)):
        for number in range(count):
            name, digest = f"basics+{student}{number}", f"{student}{number}"
            store.receive(Received(name=name, slug="basics", student=student, arrived=NOW, digest=digest))
    found = clerk.to_grade(NOW, wait=True)
    assert [one.student for one in found] == ["ada"] * IN_TURN + ["bo"]


def test_what_is_settled_is_not_looked_at_again(clerk: Clerk, store: Store) -> None:
    for student in ("ada", "bo"):
        store.receive(Received(name=f"basics+{student}", slug="basics", student=student, arrived=NOW, digest=student))
    store.settle("basics+ada", "waiting")
    assert store.unsettled(["basics"], "waiting") == [("basics", "ada"), ("basics", "bo")]
    store.settle("basics+ada", "graded")
    assert store.unsettled(["basics"], "waiting") == [("basics", "bo")]


def test_a_strange_name_keeps_nobodys_work_from_being_taken(clerk: Clerk, course: Course, told: list[str]) -> None:
    assert course.inbox is not None
    (course.inbox / "foo").write_bytes(b"")
    (course.inbox / "other").mkdir()
    hand_in(course, 1)
    clerk.take()
    assert clerk.taken == 1
    assert len(told) == 2
