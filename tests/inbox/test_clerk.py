"""What one student may have kept, and how the staff's side goes through many students' work."""

import os
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from autograder.assignment import Assignment
from autograder.course import Course, Person
from autograder.errors import GraderError
from autograder.inbox import clerk as clerks
from autograder.inbox.clerk import Clerk
from autograder.inbox.collect import IN_TURN
from autograder.inbox.drop import archived, drop, new_token
from autograder.inbox.folders import open_folders
from autograder.inbox.lock import alone
from autograder.intake import Intake
from autograder.scoring import LatePolicy
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


def take_all(clerk: Clerk, course: Course) -> None:
    clerk.begin(course)
    while clerk.take():
        pass


def test_only_so_much_of_one_student_is_kept_and_staff_are_told_once(
    clerk: Clerk, course: Course, told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clerks, "_MOST", 2)
    for number in range(4):
        hand_in(course, number)
    take_all(clerk, course)
    take_all(clerk, course)
    assert clerk.taken == 2
    assert [sentence.partition(" has ")[2] for sentence in told] == [
        "handed in as much as is kept of one student (2 times for an exercise, or 2 GiB): what more there is stays in "
        "the inbox. Have a word with them, and remove it there."
    ]
    assert course.inbox is not None
    assert len(list(course.inbox.iterdir())) == 2


def test_only_so_many_bytes_of_one_student_are_kept(
    clerk: Clerk, course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clerks, "_MOST_BYTES", 200)  # an archive of one line has a hundred and more
    for number in range(3):
        hand_in(course, number)
    take_all(clerk, course)
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
    assert store.unsettled(["basics"], {"waiting"}) == [("basics", "ada"), ("basics", "bo")]
    store.settle("basics+ada", "graded")
    assert store.unsettled(["basics"], {"waiting"}) == [("basics", "bo")]


def test_a_strange_name_keeps_nobodys_work_from_being_taken(clerk: Clerk, course: Course, told: list[str]) -> None:
    assert course.inbox is not None
    (course.inbox / "foo").write_bytes(b"")
    (course.inbox / "other").mkdir()
    hand_in(course, 1)
    take_all(clerk, course)
    assert clerk.taken == 1
    assert len(told) == 2


def test_a_flood_of_strange_names_is_told_in_a_few_sentences(clerk: Clerk, course: Course, told: list[str]) -> None:
    assert course.inbox is not None
    for number in range(100):
        (course.inbox / f"strange{number}").write_bytes(b"")
    take_all(clerk, course)
    take_all(clerk, course)
    assert len(told) == 6
    assert told[-1].startswith("More of what ")


def test_what_comes_again_under_its_name_is_removed_and_is_nothing_new(clerk: Clerk, course: Course) -> None:
    assert course.inbox is not None
    token, archive = new_token(), archived({"basics.py": b"ONE = 1\n"})
    for _ in range(2):
        drop(course.inbox, "basics", token, archive)
        take_all(clerk, course)
    assert clerk.taken == 1
    assert list(course.inbox.iterdir()) == []


def test_what_is_owed_is_tried_again_after_a_while_that_grows(
    clerk: Clerk, course: Course, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [1000.0]
    monkeypatch.setattr("autograder.inbox.later.time.monotonic", lambda: clock[0])
    store.receive(Received(name="basics+ada", slug="basics", student="ada", arrived=NOW, digest="ada"))
    waited = []
    for _ in range(8):
        clerk.begin(course)
        (found,) = clerk.to_grade(NOW, wait=True)
        clerk.owe(found, "The disk is full.")
        since = clock[0]
        while not clerk.to_grade(NOW, wait=True):
            clock[0] += 5.0
            clerk.begin(course)
        waited.append(clock[0] - since)
    assert waited == [30.0, 60.0, 120.0, 240.0, 480.0, 600.0, 600.0, 600.0]


def test_what_was_turned_away_is_graded_when_the_rules_allow_it(clerk: Clerk, course: Course, store: Store) -> None:
    due = {"basics": NOW - timedelta(days=1)}
    strict = msgspec.structs.replace(course, deadlines=due, late=LatePolicy(closes_after_days=0))
    store.receive(Received(name=f"basics+{new_token()}", slug="basics", student="ada", arrived=NOW, digest="ada"))
    clerk.begin(strict)
    assert clerk.to_grade(NOW, wait=True) == []
    assert store.received(["basics"])[0].outcome == "closed"
    clerk.begin(strict)
    assert clerk.to_grade(NOW, wait=True) == []
    clerk.begin(msgspec.structs.replace(strict, extensions={"ada": {"basics": NOW}}))
    assert [one.student for one in clerk.to_grade(NOW, wait=True)] == ["ada"]


@pytest.mark.skipif(os.getuid() != 0, reason="only root can make files of other accounts")
def test_an_account_that_is_named_as_somebody_elses_student_takes_nothing_from_them(
    clerk: Clerk, course: Course, store: Store
) -> None:
    rules = msgspec.structs.replace(course, people={"61000": Person(student="61000", login="ada")})
    assert course.inbox is not None
    hand_in(course, 1)
    os.chown(next(course.inbox.iterdir()), 61000, 61000)
    take_all(clerk, rules)
    assert [one.student for one in store.received(["basics"])] == ["account:61000"]


def test_a_state_on_a_disk_without_locks_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def flock(descriptor: int, how: int) -> None:
        raise OSError(37, "No locks available")

    monkeypatch.setattr("autograder.inbox.lock.fcntl.flock", flock)
    says = r"cannot be locked: No locks available\. Name a folder on a disk of this machine"
    with pytest.raises(GraderError, match=says), alone(tmp_path, tmp_path):
        pass
