"""The two folders that staff and students share: what is left there, who took it from whom, and when it came."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from autograder.course import Course, Person
from autograder.errors import CourseError, GraderError
from autograder.inbox import collect
from autograder.inbox.collect import IN_TURN, Arrival, Left, Round, account
from autograder.inbox.drop import drop, new_token, pack
from autograder.inbox.folders import open_folders
from autograder.submission import receive

ME = account(os.getuid())


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """A course whose only person is who runs the tests."""
    people = {"ada": Person(student="ada", login=ME)}
    return Course(people=people, inbox=tmp_path / "inbox", feedback=tmp_path / "feedback")


@pytest.fixture
def inbox(course: Course) -> Path:
    return open_folders(course)[0]


Taken = Callable[[], tuple[list[Arrival], list[str]]]


@pytest.fixture
def taken(inbox: Path, course: Course, tmp_path: Path) -> Taken:
    """Take all that lies in the inbox; return what arrived and what staff are told."""

    def take() -> tuple[list[Arrival], list[str]]:
        found = whole(Round(inbox, course, {"norms"}, tmp_path / "kept"))
        return [one for one in found if isinstance(one, Arrival)], [one.why for one in found if isinstance(one, Left)]

    return take


def whole(taken: Round) -> list[Arrival | Left]:
    """Go through a round to its end."""
    found: list[Arrival | Left] = []
    while not taken.is_over:
        found += taken.turn()
    return found


def left(inbox: Path) -> list[str]:
    return sorted(path.name for path in inbox.iterdir())


def test_the_folders_are_made_with_the_rights_that_they_need(course: Course) -> None:
    inbox, feedback = open_folders(course)
    assert oct(inbox.stat().st_mode)[-4:] == "1733", "students may add, and neither list nor touch what is not theirs"
    assert oct(feedback.stat().st_mode)[-3:] == "711", "students may enter, and not list"


def test_what_is_handed_in_arrives_whole_and_leaves_the_inbox(inbox: Path, taken: Taken) -> None:
    token = new_token()
    drop(inbox, "norms", token, b"an archive")
    before = datetime.now(UTC)
    (arrival,), told = taken()
    assert (arrival.slug, arrival.token, arrival.account, arrival.student) == ("norms", token, ME, "ada")
    assert arrival.kept.read_bytes() == b"an archive"
    assert abs(arrival.arrived - before) < timedelta(seconds=30)
    assert (told, left(inbox)) == ([], [])


def test_nobody_can_date_their_work_back(inbox: Path, taken: Taken) -> None:
    token = new_token()
    drop(inbox, "norms", token, b"late")
    os.utime(inbox / f"norms+{token}.zip", (0, 0))
    (arrival,), _ = taken()
    assert arrival.arrived.year >= 2026


@pytest.mark.skipif(os.getuid() != 0, reason="only root can make files of other accounts")
def test_who_handed_in_is_told_by_the_files_owner(inbox: Path, taken: Taken) -> None:
    drop(inbox, "norms", new_token(), b"by somebody else")
    os.chown(next(inbox.iterdir()), 61000, 61000)
    (arrival,), _ = taken()
    assert (arrival.account, arrival.student, arrival.is_known) == ("61000", "account:61000", False)


def test_a_collector_that_is_killed_takes_up_what_it_had_begun(inbox: Path, course: Course, tmp_path: Path) -> None:
    tokens = {new_token(), new_token()}
    for token in tokens:
        drop(inbox, "norms", token, token.encode())
    first = Round(inbox, course, {"norms"}, tmp_path / "kept").turn()
    assert isinstance(next(first), Arrival)
    first.close()
    assert len(left(inbox)) == 2, "what was yielded and perhaps not recorded is still there"
    again = whole(Round(inbox, course, {"norms"}, tmp_path / "kept"))
    assert {one.token for one in again if isinstance(one, Arrival)} == tokens


def test_what_is_being_written_is_not_touched(inbox: Path, taken: Taken) -> None:
    (inbox / f".{new_token()}.part").write_bytes(b"half")
    assert taken() == ([], [])
    assert len(left(inbox)) == 1


def test_what_somebody_abandoned_is_removed_and_what_is_being_written_stays(
    inbox: Path, taken: Taken, monkeypatch: pytest.MonkeyPatch
) -> None:
    (inbox / f".{new_token()}.part").write_bytes(b"half")
    (inbox / ".hidden").write_bytes(b"")
    monkeypatch.setattr("autograder.inbox.collect._ABANDONED_SECONDS", -1.0)
    arrived, told = taken()
    assert arrived == []
    assert told == [".hidden in the inbox is not something that `autograder submit` left; it was left there."]
    assert left(inbox) == [".hidden"]


def test_work_for_an_exercise_that_is_not_asked_for_is_left_without_a_word(inbox: Path, course: Course) -> None:
    drop(inbox, "metrics", new_token(), b"an archive")
    assert Round(inbox, course, {"norms"}, inbox.parent / "kept", others={"metrics"}).is_over
    assert len(left(inbox)) == 1


def test_of_each_account_only_the_first_few_are_taken_at_a_time(inbox: Path, course: Course, tmp_path: Path) -> None:
    tokens = []
    for _ in range(IN_TURN + 2):
        tokens.append(new_token())
        drop(inbox, "norms", tokens[-1], tokens[-1].encode())
        time.sleep(0.01)  # the kernel's clock for files ticks every four milliseconds
    taken = Round(inbox, course, {"norms"}, tmp_path / "kept")
    turns = [[one.token for one in taken.turn() if isinstance(one, Arrival)] for _ in range(2)]
    assert turns == [tokens[:IN_TURN], tokens[IN_TURN:]]
    assert taken.is_over


def test_what_comes_during_a_round_is_taken_by_the_next_one(inbox: Path, course: Course, tmp_path: Path) -> None:
    drop(inbox, "norms", new_token(), b"an archive")
    taken = Round(inbox, course, {"norms"}, tmp_path / "kept")
    drop(inbox, "norms", new_token(), b"another")
    assert len(whole(taken)) == 1
    assert len(left(inbox)) == 1


def test_what_its_owner_takes_back_is_passed_over_in_silence(inbox: Path, course: Course, tmp_path: Path) -> None:
    drop(inbox, "norms", new_token(), b"an archive")
    taken = Round(inbox, course, {"norms"}, tmp_path / "kept")
    next(inbox.iterdir()).unlink()
    assert whole(taken) == []


_HOLDER = """
import fcntl, os, signal, sys
# The kernel tells whoever holds a lease that somebody wants to read; a file server then gives it up.
give_up = lambda *_: fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_UNLCK)
signal.signal(signal.SIGIO, give_up if sys.argv[2] == "server" else signal.SIG_IGN)
file = os.open(sys.argv[1], os.O_RDWR)
fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_WRLCK)
print("held", flush=True)
sys.stdin.read()
"""


def held(path: Path, holder: str) -> subprocess.Popen[str]:
    """Have another process hold a lease on a file, as a `server` or for spite: it does not count against the holder."""
    line = [sys.executable, "-c", _HOLDER, str(path), holder]
    owner = subprocess.Popen(line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert owner.stdout is not None
    assert owner.stdout.readline() == "held\n"
    return owner


def test_a_file_that_its_owner_keeps_from_being_read_is_told_from_others(
    inbox: Path, taken_whole: Callable[[], list[Arrival | Left]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(collect, "_LEASE_SECONDS", 0.2)
    drop(inbox, "norms", new_token(), b"an archive")
    (path,) = inbox.iterdir()
    with held(path, "spite"):
        (found,) = taken_whole()
    assert isinstance(found, Left)
    assert found.held_back == (path.name,)
    assert found.why.endswith("was left there: its owner keeps it from being read.")


def test_a_file_that_a_file_server_gives_up_when_asked_has_come_in_time(
    inbox: Path, taken_whole: Callable[[], list[Arrival | Left]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(collect, "_LEASE_SECONDS", 1.0)
    drop(inbox, "norms", new_token(), b"an archive")
    with held(next(inbox.iterdir()), "server"):
        (found,) = taken_whole()
    assert isinstance(found, Arrival)


@pytest.fixture
def taken_whole(inbox: Path, course: Course, tmp_path: Path) -> Callable[[], list[Arrival | Left]]:
    return lambda: whole(Round(inbox, course, {"norms"}, tmp_path / "kept"))


def test_pipes_and_links_hold_no_work_back_however_many_there_are(
    inbox: Path, taken_whole: Callable[[], list[Arrival | Left]]
) -> None:
    for _ in range(200):
        os.mkfifo(inbox / f"norms+{new_token()}.zip")
    drop(inbox, "norms", new_token(), b"an archive")
    assert sum(isinstance(one, Arrival) for one in taken_whole()) == 1


def test_work_behind_much_that_cannot_be_read_is_held_back(
    inbox: Path, taken_whole: Callable[[], list[Arrival | Left]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(collect, "_UNREADABLE", 2)
    tokens = [new_token() for _ in range(4)]
    for token in tokens:
        drop(inbox, "norms", token, b"an archive")
        time.sleep(0.01)
    names = [f"norms+{token}.zip" for token in tokens]

    def unreadable(path: Path) -> tuple[bytes, os.stat_result]:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(collect, "_read", unreadable)
    *_, last = taken_whole()
    assert isinstance(last, Left)
    assert last.held_back == tuple(names[2:])
    assert last.why == f"2 files of {ME} in the inbox cannot be read; 2 more were not looked at."


def test_what_is_put_off_is_not_looked_at(inbox: Path, course: Course, tmp_path: Path) -> None:
    drop(inbox, "norms", new_token(), b"an archive")
    assert Round(inbox, course, {"norms"}, tmp_path / "kept", later=lambda name: True).is_over


def test_nothing_more_is_kept_where_there_is_no_room_for_it(inbox: Path, course: Course) -> None:
    drop(inbox, "norms", new_token(), b"an archive")
    asked = []

    def room(slug: str, student: str, size: int) -> str:
        asked.append((slug, student, size))
        return "Too much."

    (found,) = whole(Round(inbox, course, {"norms"}, inbox.parent / "kept", room=room))
    assert (asked, found) == ([("norms", "ada", 10)], Left(left(inbox)[0], "Too much.", ME))


@pytest.mark.parametrize("kind", ["link", "hard link", "pipe", "socket", "folder", "large"])
def test_what_is_no_plain_file_of_its_own_is_left_where_it_is(
    kind: str, inbox: Path, taken: Taken, tmp_path: Path
) -> None:
    path = inbox / f"norms+{new_token()}.zip"
    secret = tmp_path / "secret"
    secret.write_bytes(b"not for students")
    match kind:
        case "link":
            path.symlink_to(secret)
        case "hard link":
            path.hardlink_to(secret)
        case "pipe":
            os.mkfifo(path)
        case "socket":
            here = os.getcwd()
            os.chdir(inbox)  # the path of a socket must be short
            try:
                with socket.socket(socket.AF_UNIX) as server:
                    server.bind(path.name)
            finally:
                os.chdir(here)
        case "folder":
            path.mkdir()
        case "large":
            os.truncate(os.open(path, os.O_CREAT | os.O_RDWR), 41 * 2**20)
    arrived, told = taken()
    assert arrived == []
    assert len(told) == 1
    why = {"link": "it is a link", "large": "it is larger than 40 MiB"}
    assert f"was left there: {why.get(kind, 'it is not a plain file with one name')}." in told[0]
    assert left(inbox) == [path.name]
    assert not (tmp_path / "kept").exists()


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("notes.txt", "is not something that `autograder submit` left"),
        (f"norms+{'0' * 31}.zip", "is not something that"),
        (f"other+{'0' * 32}.zip", "is named after no exercise"),
        ("a\x1b[2Jb", "is not something that"),
    ],
)
def test_a_strange_name_is_shown_to_staff_without_its_control_characters(
    name: str, said: str, inbox: Path, taken: Taken
) -> None:
    (inbox / name).write_bytes(b"")
    arrived, told = taken()
    assert arrived == []
    assert said in told[0]
    assert "\x1b" not in told[0]


def test_a_submission_is_packed_without_changing_what_is_graded(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    (folder / "parts").mkdir(parents=True)
    (folder / "norms.py").write_text("from parts import one\n")
    (folder / "parts/one.py").write_text("ONE = 1\n")
    (folder / "__pycache__").mkdir()
    (folder / "__pycache__/norms.pyc").write_bytes(b"\0")
    package = pack(folder, "norms")
    assert list(package.files) == ["norms.py", "parts/one.py"]
    assert package.notes == ("Ignored `__pycache__`: only source is run.",)
    (tmp_path / "sent.zip").write_bytes(package.archive)
    assert receive(tmp_path / "sent.zip", "norms").digest == receive(folder, "norms").digest
    assert pack(folder, "norms").archive == package.archive


def test_nothing_half_written_is_left_where_the_disk_is_full(inbox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(GraderError, match=r"Nothing was handed in: .* \(No space left on device\)\. Your work is unch"):
        drop(inbox, "norms", new_token(), b"an archive")
    assert left(inbox) == []


def test_nothing_leaves_the_inbox_where_it_cannot_be_kept(inbox: Path, course: Course, tmp_path: Path) -> None:
    drop(inbox, "norms", new_token(), b"an archive")
    (tmp_path / "kept").write_text("a file in the way")
    with pytest.raises(GraderError, match="still in the inbox; make room"):
        whole(Round(inbox, course, {"norms"}, tmp_path / "kept"))
    assert len(left(inbox)) == 1


def test_a_course_without_an_inbox_says_what_to_add() -> None:
    with pytest.raises(CourseError, match="Add `inbox` and `feedback`"):
        open_folders(Course())


def test_an_inbox_that_is_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "inbox").write_text("")
    with pytest.raises(GraderError, match=r"inbox cannot be opened: Not a directory\. Run this as the user who owns"):
        open_folders(Course(inbox=tmp_path / "inbox", feedback=tmp_path / "feedback"))


def test_a_name_that_was_used_before_brings_nothing_else(inbox: Path, taken: Taken, tmp_path: Path) -> None:
    token = new_token()
    drop(inbox, "norms", token, b"handed in")
    (first,), _ = taken()
    drop(inbox, "norms", token, b"something else")
    arrived, told = taken()
    assert arrived == []
    assert "is not what came under this name before; it was left there." in told[0]
    assert first.kept.read_bytes() == b"handed in"


def test_rights_that_let_students_read_what_is_not_theirs_are_mended(course: Course) -> None:
    assert course.inbox is not None
    assert course.feedback is not None
    for folder in (course.inbox, course.feedback):
        folder.mkdir()
        folder.chmod(0o777)
    open_folders(course)
    assert oct(course.inbox.stat().st_mode)[-4:] == "1733"
    assert oct(course.feedback.stat().st_mode)[-3:] == "711"


@pytest.mark.skipif(os.getuid() != 0, reason="only root can make folders of other accounts")
def test_rights_that_are_not_ours_to_mend_are_named_with_the_command(course: Course) -> None:
    assert course.inbox is not None
    course.inbox.mkdir(mode=0o755)
    os.chown(course.inbox, 61000, 61000)
    with pytest.raises(GraderError, match=r"has the rights 755, .* Have its owner run: chmod 1733"):
        open_folders(course)
