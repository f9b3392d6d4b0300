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
from autograder.inbox.collect import IN_TURN, Arrival, Left, account, collect, open_folders
from autograder.inbox.drop import drop, new_token, pack
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
    """Collect once; return what arrived and what staff are told."""

    def take() -> tuple[list[Arrival], list[str]]:
        found = list(collect(inbox, course, {"norms"}, tmp_path / "kept"))
        return [one for one in found if isinstance(one, Arrival)], [one.why for one in found if isinstance(one, Left)]

    return take


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
    assert (arrival.account, arrival.student) == ("61000", "")


def test_a_collector_that_is_killed_takes_up_what_it_had_begun(inbox: Path, course: Course, tmp_path: Path) -> None:
    tokens = {new_token(), new_token()}
    for token in tokens:
        drop(inbox, "norms", token, token.encode())
    first = collect(inbox, course, {"norms"}, tmp_path / "kept")
    assert isinstance(next(first), Arrival)
    first.close()  # type: ignore[attr-defined]
    assert len(left(inbox)) == 2, "what was yielded and perhaps not recorded is still there"
    again = [one for one in collect(inbox, course, {"norms"}, tmp_path / "kept") if isinstance(one, Arrival)]
    assert {one.token for one in again} == tokens


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
    assert list(collect(inbox, course, {"norms"}, inbox.parent / "kept", others={"metrics"})) == []
    assert len(left(inbox)) == 1


def test_of_each_account_only_the_first_few_are_taken_at_a_time(inbox: Path, taken: Taken) -> None:
    tokens = []
    for _ in range(IN_TURN + 2):
        tokens.append(new_token())
        drop(inbox, "norms", tokens[-1], tokens[-1].encode())
        time.sleep(0.01)  # the kernel's clock for files ticks every four milliseconds
    assert [one.token for one in taken()[0]] == tokens[:IN_TURN]
    assert [one.token for one in taken()[0]] == tokens[IN_TURN:]


def test_a_file_that_its_owner_keeps_from_being_read_is_told_from_others(inbox: Path, course: Course) -> None:
    drop(inbox, "norms", new_token(), b"an archive")
    (path,) = inbox.iterdir()
    # The owner's own process: a lease does not count against whoever holds it.
    code = (
        "import fcntl, os, signal, sys\n"
        "signal.signal(signal.SIGIO, signal.SIG_IGN)\n"
        "file = os.open(sys.argv[1], os.O_RDWR)\n"
        "fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_WRLCK)\n"
        "print('held', flush=True)\n"
        "sys.stdin.read()\n"
    )
    line = [sys.executable, "-c", code, str(path)]
    with subprocess.Popen(line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as owner:
        assert owner.stdout is not None
        assert owner.stdout.readline() == "held\n"
        (found,) = collect(inbox, course, {"norms"}, inbox.parent / "kept")
    assert isinstance(found, Left)
    assert found.held_back
    assert found.why.endswith("was left there: its owner keeps it from being read.")


def test_nothing_more_is_kept_where_there_is_no_room_for_it(inbox: Path, course: Course) -> None:
    drop(inbox, "norms", new_token(), b"an archive")
    asked = []

    def room(student: str, size: int) -> str:
        asked.append((student, size))
        return "Too much."

    (found,) = collect(inbox, course, {"norms"}, inbox.parent / "kept", room=room)
    assert (asked, found) == ([("ada", 10)], Left(left(inbox)[0], "Too much."))


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
    why = {"link": "it is a link", "large": "it is larger than 40 MiB", "socket": "No such device or address"}
    why["folder"] = "Is a directory"
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
        list(collect(inbox, course, {"norms"}, tmp_path / "kept"))
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
