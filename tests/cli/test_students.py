"""The students' command line and the inbox between it and the staff's, as both start them."""

import contextlib
import csv
import fcntl
import io
import json
import os
import pwd
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from autograder.course import load_course, public_text
from autograder.inbox.drop import pack
from autograder.store import Store

pytestmark = pytest.mark.door

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests/golden/course"
ME = pwd.getpwuid(os.getuid()).pw_name
STUB = "def scale(values, factor):\n    raise NotImplementedError\n"

Done = subprocess.CompletedProcess[str]


@dataclass
class World:
    """A course with its staff and one student, who is whoever runs the tests."""

    folder: Path

    @property
    def course(self) -> Path:
        """What the staff have of the course."""
        return self.folder / "staff"

    @property
    def desk(self) -> Path:
        """Where the student works."""
        return self.folder / "desk"

    @property
    def public(self) -> Path:
        """What students see of the course."""
        return self.folder / "public"

    @property
    def inbox(self) -> Path:
        return self.course / "inbox"

    @property
    def feedback(self) -> Path:
        return self.course / "feedback"

    @property
    def state(self) -> Path:
        return self.course / "state"

    def write_rules(self, rules: str = "", roster: str = f"student,login\nada,{ME}\n") -> None:
        head = 'format_version = 1\ntitle = "Deep learning"\nroster = "roster.csv"\ninbox = "inbox"\n'
        (self.course / "roster.csv").write_text(roster, encoding="utf-8")
        (self.course / "course.toml").write_text(f'{head}feedback = "feedback"\n{rules}', encoding="utf-8")
        self.public.mkdir(exist_ok=True)
        text = public_text(load_course(self.course / "course.toml"))
        (self.public / "course.toml").write_text(text, encoding="utf-8")

    def work(self, source: str, name: str = "basics.py") -> Path:
        """Write the student's work and return where it is."""
        path = self.desk / "work" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source, encoding="utf-8")
        return path

    def student(self, *args: object, course: bool = True, **options: object) -> Done:
        """Run `autograder` as the student does."""
        line = [sys.executable, "-c", "from autograder.cli.student import main; main()", *map(str, args)]
        return self._run(line + (["--course", str(self.public)] if course else []), **options)

    def staff(self, *args: object, **options: object) -> Done:
        """Run `grade.py` as the staff do."""
        places = ["--course", GOLDEN, "--state", self.state, "--rules", self.course / "course.toml"]
        return self._run([sys.executable, str(ROOT / "grade.py"), *map(str, [*args, *places])], **options)

    def _run(self, line: list[str], **options: object) -> Done:
        home = self.folder / "home"
        environment = {
            **os.environ,
            "COLUMNS": "200",
            "HOME": str(home),
            "XDG_DATA_HOME": str(home / "data"),
            "XDG_CONFIG_HOME": str(home / "config"),
            "PYTHONPATH": str(ROOT),
            "PYTHONWARNINGS": "error",
        }
        given = {"cwd": self.desk, "stdin": subprocess.DEVNULL, **options}
        return subprocess.run(line, env=environment, capture_output=True, text=True, timeout=240, **given)  # type: ignore[call-overload, no-any-return]


@pytest.fixture
def world() -> Iterator[World]:
    """A course outside pytest's own folders, which other accounts may not enter."""
    folder = Path(tempfile.mkdtemp(prefix="course-"))
    folder.chmod(0o755)
    world = World(folder)
    world.course.mkdir()
    world.desk.mkdir()
    kit = world.public / "basics"
    kit.mkdir(parents=True)
    shutil.copy(GOLDEN / "assignments/basics/assignment.toml", kit)
    (kit / "basics.py").write_text(STUB, encoding="utf-8")
    world.write_rules()
    yield world
    shutil.rmtree(folder)


def words(text: str) -> str:
    """The words of what a command printed, without the frames of tables and the breaks of lines."""
    return " ".join(re.sub(r"[│╭╮╰╯─━┃]", " ", text).split())


def hand_in(world: World, source: str, *args: object) -> str:
    """Hand in, and return the token that the inbox knows it by."""
    before = set(world.inbox.glob("*.zip")) if world.inbox.exists() else set()
    world.inbox.mkdir(exist_ok=True)
    done = world.student("submit", world.work(source), *args)
    assert done.returncode == 0, done.stderr
    (new,) = set(world.inbox.glob("*.zip")) - before
    return new.stem.partition("+")[2]


def test_from_the_list_to_the_feedback(world: World, right: str) -> None:
    listed = world.student("list")
    assert "basics Basics 11 none not handed in" in words(listed.stdout)
    got = world.student("get", "basics", course=False)
    assert (world.desk / "basics/basics.py").read_text() == STUB
    assert "cd basics && autograder check" in got.stderr, "the course was remembered"

    hand_in(world, right)
    assert "not graded yet" in words(world.student("status").stdout)
    graded = world.staff("inbox")
    assert graded.returncode == 0, graded.stderr
    assert "ada 11 / 11" in words(graded.stdout)
    assert "best 11 / 11" in words(world.student("list").stdout)
    told = world.student("feedback")
    assert "ada attempt 1 11 / 11" in words(told.stdout)
    page = Path(told.stderr.strip().rpartition(": ")[2])
    assert "Basics" in page.read_text(encoding="utf-8")


def test_the_receipt_has_the_digest_that_the_staff_have(world: World, right: str) -> None:
    world.inbox.mkdir()
    done = world.student("submit", world.work(right))
    assert "basics.py" in done.stderr, "what is sent is shown"
    receipt = words(done.stdout)
    assert "Your work has arrived." in receipt
    world.staff("inbox", "--no-wait")
    written = world.staff("batch", "basics", world.desk / "work", "--json", world.folder / "all.json")
    assert written.returncode == 0, written.stderr
    (result,) = json.loads((world.folder / "all.json").read_text())
    assert f"SHA-256 {result['submission']['digest']}" in receipt


def test_feedback_holds_nothing_that_is_for_staff(world: World) -> None:
    token = hand_in(world, "def scale(values, factor):\n    print('seen by staff only')\n    return values\n")
    world.staff("inbox")
    published = json.loads((world.feedback / token / "feedback.json").read_text())
    tests = published["result"]["tests"]
    assert any(test["status"] != "passed" for test in tests)
    assert [test for test in tests if test["detail"] or test["output"]] == []
    assert published["result"]["timings"]["tests"] == {}


@pytest.mark.skipif(os.getuid() != 0, reason="only root can act as other accounts")
def test_others_can_list_neither_folder_and_reach_feedback_only_by_its_token(world: World, right: str) -> None:
    token = hand_in(world, right)
    world.staff("inbox")

    def can(*line: str) -> bool:
        return subprocess.run(line, user=61001, group=61001, extra_groups=[], capture_output=True).returncode == 0

    world.inbox.chmod(0o1733)  # made by the test, not by the staff's command
    assert not can("/bin/ls", str(world.inbox))
    assert can("/usr/bin/touch", str(world.inbox / ".others"))
    assert not can("/bin/ls", str(world.feedback))
    assert can("/bin/cat", str(world.feedback / token / "feedback.json"))
    assert not can("/usr/bin/touch", str(world.feedback / token / "feedback.json"))
    assert not can("/bin/ls", str(world.state))


def test_an_account_that_the_roster_does_not_have_is_answered_and_not_graded(world: World, right: str) -> None:
    hand_in(world, right)
    world.write_rules(roster="student,login\nada,somebody-else\n")
    graded = world.staff("inbox")
    assert graded.returncode == 0, graded.stderr
    assert f"is from {ME}, whom the roster does not have" in graded.stderr
    state = words(world.student("status").stdout)
    assert f"The course's roster has nobody with the account {ME}." in state


def test_lateness_is_told_by_the_staffs_clock_and_taken_from_the_points(world: World, right: str) -> None:
    due = datetime.now(UTC) - timedelta(hours=30)
    world.write_rules(f"[deadlines]\nbasics = {due.isoformat()}\n[late]\npercent_per_day = 10\n")
    world.inbox.mkdir()
    refused = world.student("submit", world.work(right))
    assert refused.returncode == 2
    asked = words(refused.stderr)
    assert "you are a day late, which takes up to 2.2 of 11 points. If you were given an extension, it counts" in asked
    assert "Nothing was handed in, because there is nobody to ask. Add --yes" in asked
    assert list(world.inbox.iterdir()) == []

    hand_in(world, right, "--yes")
    world.staff("inbox")
    told = words(world.student("feedback").stdout)
    assert "a day late, which took 2.2 points. It is worth 8.8 / 11." in told


def test_an_extension_makes_late_work_timely(world: World, right: str) -> None:
    now = datetime.now(UTC)
    due, extended = now - timedelta(days=3), now + timedelta(days=1, hours=1)
    world.write_rules(
        f"[deadlines]\nbasics = {due.isoformat()}\n[extensions.ada]\nbasics = {extended.isoformat()}\n"
        "[late]\npercent_per_day = 10\n"
    )
    hand_in(world, right, "--yes")
    world.staff("inbox")
    assert "best 11 / 11" in words(world.student("list").stdout)
    assert "(a day from now)" in words(world.student("list").stdout), "feedback tells of the extension"
    assert world.student("submit", world.work(right + "\n# again\n")).returncode == 0, "nobody need be asked now"


def test_after_the_close_work_is_kept_and_not_graded(world: World, right: str) -> None:
    due = datetime.now(UTC) - timedelta(days=3)
    world.write_rules(f"[deadlines]\nbasics = {due.isoformat()}\n[late]\ncloses_after_days = 2\n")
    world.inbox.mkdir()
    asked = words(world.student("submit", world.work(right)).stderr)
    assert "it is kept, and not graded unless you were given longer." in asked
    token = hand_in(world, right, "--yes")
    graded = world.staff("inbox")
    assert graded.returncode == 0
    assert "1 came in, 0 graded, 1 not to be graded (closed)." in words(graded.stderr)
    assert "It came after the exercise had closed" in words(world.student("status").stdout)
    assert (world.state / "received/basics" / f"{token}.zip").exists()


def test_an_extension_that_is_given_after_the_close_has_what_was_kept_graded(world: World, right: str) -> None:
    due = datetime.now(UTC) - timedelta(days=3)
    rules = f"[deadlines]\nbasics = {due.isoformat()}\n[late]\ncloses_after_days = 2\n"
    world.write_rules(rules)
    hand_in(world, right, "--yes")
    world.staff("inbox")
    world.write_rules(f"{rules}[extensions.ada]\nbasics = {(due + timedelta(days=4)).isoformat()}\n")
    graded = world.staff("inbox")
    assert "0 came in, 1 graded." in graded.stderr
    assert "best 11 / 11" in words(world.student("list").stdout)


def test_the_same_files_handed_in_again_too_late_cost_nothing(world: World, right: str) -> None:
    hand_in(world, right)
    world.staff("inbox")
    time.sleep(1.1)
    world.write_rules(f"[deadlines]\nbasics = {datetime.now(UTC).isoformat()}\n[late]\npercent_per_day = 10\n")
    time.sleep(1.1)
    hand_in(world, right, "--yes")
    world.staff("inbox")
    assert words(world.student("status").stdout).count("graded 11 / 11") == 2


def test_attempts_are_counted_and_the_cool_down_is_kept(world: World, right: str) -> None:
    world.write_rules("[attempts]\nmost = 2\ncool_down_minutes = 60\n")
    hand_in(world, STUB, "--yes")
    world.staff("inbox")
    assert "Attempts left: 1." in world.student("feedback").stdout
    hand_in(world, right, "--yes")
    waiting = world.staff("inbox")
    assert "1 submission waits for the cool-down to end; --no-wait grades them now." in waiting.stderr
    assert "It is graded after" in words(world.student("status").stdout)
    world.staff("inbox", "--no-wait")
    assert "best 11 / 11" in words(world.student("list").stdout)
    world.inbox.mkdir(exist_ok=True)
    asked = words(world.student("submit", world.work("# third\n" + right)).stderr)
    assert "You have used all 2 attempts: it will be kept, and not graded." in asked
    hand_in(world, "# third\n" + right, "--yes")
    world.staff("inbox")
    status = words(world.student("status").stdout)
    assert "All 2 attempts at this exercise had been used: it is kept, and not graded." in status


def test_all_that_one_student_hands_in_before_a_run_counts(world: World, right: str) -> None:
    hand_in(world, right)
    hand_in(world, right + "\n\ndef add(a, b):\n    return a - b\n")
    assert world.staff("inbox").returncode == 0
    with contextlib.closing(Store(world.state)) as store:
        results = list(store.results(["basics"]))
    assert sorted((result.attempt, result.points) for result in results) == [(1, 10), (2, 11)] or sorted(
        (result.attempt, result.points) for result in results
    ) == [(1, 11), (2, 10)]


def test_a_receipt_is_kept_where_the_graders_were_quicker_than_the_student(world: World, right: str) -> None:
    world.inbox.mkdir()
    path = world.work(right)
    script = (
        "import os, pathlib\n"
        "rename = os.rename\n"
        "def taken(part, whole):\n"
        "    rename(part, whole)\n"
        "    pathlib.Path(whole).unlink()\n"
        "os.rename = taken\n"
        "from autograder.cli.student import main; main()"
    )
    done = world._run([sys.executable, "-c", script, "submit", str(path), "--course", str(world.public)])
    assert done.returncode == 0, done.stderr
    assert "Your work has arrived." in words(done.stdout)


def test_what_was_interrupted_before_it_was_sent_is_no_attempt_and_is_not_called_handed_in(
    world: World, right: str
) -> None:
    world.write_rules("[attempts]\nmost = 1\n")
    world.inbox.mkdir()
    kill = "import os\nos.rename = lambda *args: os._exit(9)\nfrom autograder.cli.student import main; main()"
    line = [sys.executable, "-c", kill, "submit", str(world.work(right)), "--course", str(world.public)]
    assert world._run(line).returncode == 9
    assert "perhaps not handed in: it was interrupted. Hand in again" in words(world.student("status").stdout)
    assert "perhaps not handed in" in words(world.student("list").stdout)
    hand_in(world, right)  # without a question
    world.staff("inbox")
    assert "best 11 / 11" in words(world.student("list").stdout)


def test_what_was_interrupted_after_it_was_sent_is_found_to_have_arrived(world: World, right: str) -> None:
    world.inbox.mkdir()
    kill = (
        "import os\nrename = os.rename\n"
        "def last(part, whole):\n    rename(part, whole)\n    os._exit(9)\n"
        "os.rename = last\nfrom autograder.cli.student import main; main()"
    )
    line = [sys.executable, "-c", kill, "submit", str(world.work(right)), "--course", str(world.public)]
    assert world._run(line).returncode == 9
    assert "not graded yet" in words(world.student("status").stdout)
    world.staff("inbox")
    assert "best 11 / 11" in words(world.student("list").stdout)


def test_the_key_to_feedback_is_in_no_process_that_others_can_list(world: World, right: str) -> None:
    token = hand_in(world, right)
    world.staff("inbox")
    browser = world.folder / "browser"
    browser.write_text(f'#!/bin/sh\necho "$@" > {world.folder}/opened\n')
    browser.chmod(0o755)
    spy = f"import click\nclick.launch = lambda url: __import__('os').system('{browser} ' + url)\n"
    code = f"{spy}from autograder.cli.student import main; main()"
    done = world._run([sys.executable, "-c", code, "feedback", "--open", "--course", str(world.public)])
    assert done.returncode == 0, done.stderr
    opened = (world.folder / "opened").read_text().strip()
    assert token not in opened
    page = Path(opened.removeprefix("file://"))
    assert oct(page.stat().st_mode)[-3:] == "600"
    assert page.read_bytes() == (world.feedback / token / "index.html").read_bytes()


def test_where_the_last_attempt_counts_an_earlier_version_can_be_handed_in_again(world: World, right: str) -> None:
    world.write_rules('[attempts]\ncounts = "last"\n')
    hand_in(world, right)
    world.staff("inbox")
    hand_in(world, "# worse\n" + STUB, "--yes")
    world.staff("inbox")
    assert "last 0 / 11" in words(world.student("list").stdout)
    hand_in(world, right, "--yes")
    world.staff("inbox")
    assert "last 11 / 11" in words(world.student("list").stdout)
    exported = world.folder / "grades.csv"
    assert world.staff("export", "csv", "--to", exported).returncode == 0
    (row,) = csv.DictReader(io.StringIO(exported.read_text(encoding="utf-8-sig")))
    assert row["points"] == "11"


def test_the_same_files_twice_are_one_attempt_and_both_are_answered(world: World, right: str) -> None:
    world.write_rules("[attempts]\nmost = 1\n")
    hand_in(world, right)
    world.inbox.mkdir(exist_ok=True)
    assert "exactly the files that you handed in" in words(world.student("submit", world.work(right)).stderr)
    hand_in(world, right, "--yes")
    world.staff("inbox")
    assert words(world.student("status").stdout).count("graded 11 / 11") == 2


def test_the_stub_is_not_handed_in_without_a_question(world: World) -> None:
    world.inbox.mkdir()
    asked = world.student("submit", world.work(STUB))
    assert asked.returncode == 2
    assert "basics.py is the stub that you were given, unchanged." in asked.stderr


def test_of_a_whole_exercise_only_the_answer_is_sent(world: World, right: str) -> None:
    world.inbox.mkdir()
    (world.public / "basics/basics.ipynb").write_text('{"cells": []}')
    world.student("get", "basics")
    (world.desk / "basics/basics.py").write_text(right, encoding="utf-8")
    (world.desk / "basics/test_public.py").write_text("# came with it")
    done = world.student("submit", "basics")
    assert done.returncode == 0, done.stderr
    assert "files basics.py SHA-256" in words(done.stdout)


def test_of_a_stub_and_a_notebook_the_one_that_was_changed_last_is_sent(world: World, right: str) -> None:
    world.inbox.mkdir()
    world.student("get", "basics")
    notebook = {"cells": [{"cell_type": "code", "source": right}]}
    (world.desk / "basics/basics.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    os.utime(world.desk / "basics/basics.py", (0, 0))
    done = world.student("submit", "basics")
    assert done.returncode == 0, done.stderr
    assert "files basics.ipynb SHA-256" in words(done.stdout)


@pytest.mark.parametrize(
    ("name", "source", "said"),
    [
        ("basics.py", "def scale(:\n", "`basics.py` is not valid Python, so it cannot be graded"),
        ("basics.py", "", "`basics.py` is empty"),
        ("answer.py", "x = 1\n", "answer.py is named like no exercise's answer. Rename it (basics.py for basics)"),
        ("basics.txt", "x = 1\n", "basics.txt is named like no exercise's answer"),
    ],
)
def test_what_cannot_be_graded_is_not_sent(name: str, source: str, said: str, world: World) -> None:
    world.inbox.mkdir()
    done = world.student("submit", world.work(source, name))
    assert done.returncode in (1, 2)
    assert said in words(done.stderr)
    assert list(world.inbox.iterdir()) == []
    assert not (world.folder / "home/data").exists(), "there is no receipt"


def test_a_file_of_another_name_is_sent_where_the_exercise_is_named(world: World, right: str) -> None:
    world.inbox.mkdir()
    done = world.student("submit", world.work(right, "answer.py"), "--exercise", "basics")
    assert done.returncode == 0
    assert "`answer.py` is graded as `basics.py`." in done.stderr


def test_where_the_inbox_is_missing_nothing_is_handed_in_and_no_receipt_is_left(world: World, right: str) -> None:
    done = world.student("submit", world.work(right))
    assert done.returncode == 1
    assert "Nothing was handed in:" in done.stderr
    assert "(No such file or directory)" in done.stderr
    assert list((world.folder / "home/data/autograder/receipts").iterdir()) == []


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (["get", "basic"], "No exercise is named 'basic' in"),
        (["get", "basic"], "Did you mean 'basics'? It has: basics."),
        (["status"], "You have handed in nothing in"),
        (["feedback", "basics"], "You have handed in nothing for basics in"),
        (["submit", "no-such-file.py"], "'no-such-file.py' does not exist"),
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_status_2(line: list[str], said: str, world: World) -> None:
    done = world.student(*line)
    assert done.returncode == 2
    assert said in words(done.stderr)


def test_before_a_course_is_named_it_says_how_to_name_one(world: World) -> None:
    done = world.student("list", course=False)
    assert done.returncode == 2
    assert "No course is known here yet. Name the folder that your teachers told you, once:" in words(done.stderr)


def test_a_course_that_lies_around_is_not_taken_for_ones_own(world: World) -> None:
    assert world.student("list", course=False, cwd=world.public).returncode == 2


def test_a_course_that_has_gone_is_named(world: World) -> None:
    world.student("list")
    shutil.rmtree(world.public)
    done = world.student("list", course=False)
    assert done.returncode == 2
    assert "public, where your course was last time, holds no course: no course.toml with an exercise" in words(
        done.stderr
    )


def test_what_the_staff_have_of_a_course_is_not_taken_for_what_students_see(world: World) -> None:
    done = world.student("list", "--course", world.course, course=False)
    assert done.returncode == 2
    assert "holds no course" in words(done.stderr)


def test_feedback_that_cannot_be_read_keeps_nobody_from_handing_in(world: World, right: str) -> None:
    token = hand_in(world, STUB, "--yes")
    world.staff("inbox")
    (world.feedback / token / "feedback.json").write_text("damaged")
    done = world.student("submit", world.work(right))
    assert done.returncode == 0, done.stderr
    assert "Note: The feedback in" in done.stderr


def test_a_file_in_the_way_of_an_exercise_is_named(world: World) -> None:
    (world.desk / "basics").write_text("a file")
    done = world.student("get", "basics")
    assert done.returncode == 2
    assert "basics is there already" in words(done.stderr)


def test_work_that_is_there_is_never_overwritten(world: World) -> None:
    (world.desk / "basics").mkdir()
    (world.desk / "basics/basics.py").write_text("mine")
    done = world.student("get", "basics")
    assert done.returncode == 2
    assert "is there already, and your work in it may be too" in words(done.stderr)
    assert (world.desk / "basics/basics.py").read_text() == "mine"


@pytest.mark.parametrize("command", ["list", "get", "submit", "status", "feedback"])
def test_help_shows_an_example_that_names_the_command(command: str, world: World) -> None:
    shown = world.student(command, "--help", course=False)
    assert shown.returncode == 0
    assert re.search(rf"Examples?:\n +autograder {command}\b", shown.stdout)


# The staff's side.


def test_an_inbox_is_never_graded_without_a_sandbox(world: World) -> None:
    done = world.staff("inbox", "--practice")
    assert done.returncode == 2
    assert "never graded without a sandbox" in done.stderr


def test_two_graders_do_not_empty_one_inbox_at_once(world: World) -> None:
    (world.state).mkdir()
    with open(world.state / "inbox.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = world.staff("inbox")
    assert done.returncode == 2
    assert "Another grade.py is at work on" in done.stderr


def test_two_graders_with_other_states_do_not_empty_one_inbox_at_once(world: World) -> None:
    world.inbox.mkdir(mode=0o1733)
    folder = os.open(world.inbox, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        done = world.staff("inbox")
    finally:
        os.close(folder)
    assert done.returncode == 2
    assert "Another grade.py is at work on" in done.stderr


def test_work_that_was_changed_after_it_came_is_not_graded(world: World, right: str) -> None:
    world.write_rules("[attempts]\ncool_down_minutes = 60\n")
    hand_in(world, STUB, "--yes")
    world.staff("inbox")
    token = hand_in(world, right, "--yes")
    world.staff("inbox")
    kept = world.state / f"received/basics/{token}.zip"
    kept.write_bytes(pack(world.work("# another\n" + right), "basics").archive)
    done = world.staff("inbox", "--no-wait")
    assert done.returncode == 1
    assert f"{kept} is no longer what ada handed in, or cannot be read: it was not graded." in done.stderr
    assert "best 0 / 11" in words(world.student("list").stdout)


def test_of_two_equal_submissions_the_one_that_is_still_there_is_graded(world: World, right: str) -> None:
    world.write_rules("[attempts]\ncool_down_minutes = 60\n")
    hand_in(world, STUB, "--yes")
    world.staff("inbox")
    first = hand_in(world, right, "--yes")
    time.sleep(1.1)
    second = hand_in(world, right, "--yes")
    world.staff("inbox")
    (world.state / f"received/basics/{first}.zip").unlink()
    done = world.staff("inbox", "--no-wait")
    assert f"{first}.zip is no longer what ada handed in" in done.stderr
    assert second not in done.stderr
    assert "best 11 / 11" in words(world.student("list").stdout)


def test_a_student_with_much_work_has_all_of_it_graded(world: World, right: str) -> None:
    for number in range(5):
        hand_in(world, f"# {number}\n{right}", "--yes")
    done = world.staff("inbox")
    assert done.returncode == 0
    assert "5 came in, 5 graded." in done.stderr
    assert done.stdout.count("(basics)") == 1, "one table for all of them"


def test_work_that_is_held_back_comes_when_it_can_be_read(world: World, right: str) -> None:
    world.write_rules("[attempts]\ncool_down_minutes = 60\n")
    token = hand_in(world, right)
    with contextlib.closing(Store(world.state)) as store:
        store.hold_back([f"basics+{token}.zip"])
    path = world.inbox / f"basics+{token}.zip"
    came = int(path.stat().st_ctime)
    time.sleep(1.1)
    world.staff("inbox")
    with contextlib.closing(Store(world.state)) as store:
        (received,) = store.received(["basics"])
    assert received.arrived.timestamp() > came


def test_an_empty_inbox_starts_no_slot_and_is_no_failure(world: World) -> None:
    done = world.staff("inbox")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "Nothing new in the inbox.\n")
    assert world.inbox.is_dir()


def test_without_course_toml_the_staff_are_told_where_it_belongs(world: World) -> None:
    line = ["inbox", "--course", GOLDEN, "--state", world.state]
    done = world._run([sys.executable, str(ROOT / "grade.py"), *map(str, line)])
    assert done.returncode == 2
    assert f"There is no {GOLDEN / 'course.toml'}" in words(done.stderr)


def test_hostile_work_costs_only_its_own_points(world: World, right: str) -> None:
    hand_in(world, "import os\nos._exit(0)\n")
    hand_in(world, right)
    done = world.staff("inbox")
    assert done.returncode == 0
    assert "best 11 / 11" in words(world.student("list").stdout)


def test_a_watcher_grades_what_comes_in_and_stops_cleanly(world: World, right: str) -> None:
    world.inbox.mkdir()
    token = hand_in(world, right)
    places = ["--course", GOLDEN, "--state", world.state, "--rules", world.course / "course.toml"]
    line = [sys.executable, str(ROOT / "grade.py"), "inbox", "--watch", *map(str, places)]
    with subprocess.Popen(line, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True) as watcher:
        assert watcher.stderr is not None
        for sentence in watcher.stderr:
            if sentence.startswith("Watching"):
                break
        assert (world.feedback / token / "index.html").exists()
        world.write_rules("[attempts]\nmost = 1\n")
        turned_away = hand_in(world, STUB, "--yes")
        deadline = time.monotonic() + 60
        while not (said := world.feedback / turned_away / "feedback.json").exists():
            assert time.monotonic() < deadline
            time.sleep(0.2)
        assert json.loads(said.read_text())["outcome"] == "too_many", "the rules are read again"
        watcher.send_signal(signal.SIGTERM)  # as a Ctrl-C, which a command that was started with & ignores
        # A Ctrl-C amid a print has that printed once more; what matters is how it ends.
        assert watcher.stderr.read().endswith("Stopped. Nothing is lost: the same command goes on.\n")
    assert watcher.returncode == 0
