"""`grade.py regrade` shows what a changed suite does, and records it only when it is told to."""

import contextlib
import json
import os
import pty
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click.testing
import pytest

from autograder.cli.staff import cli
from autograder.inbox.drop import archived, new_token
from autograder.result import Result
from autograder.store import Received, Store

Done = subprocess.CompletedProcess[str]
Command = Callable[..., list[str]]

SUITE = """
    pytestmark = [pytest.mark.task(1), pytest.mark.points(1)]

    def test_double(student, draw, compare):
        '''Each element is doubled.'''
        x = draw.normal(9)
        compare.close(student.double(x), 2 * x)

    def test_half(student, draw, compare):
        '''Each element is halved.'''
        x = draw.normal(9)
        compare.close(student.half(x), x / 2)
"""
RIGHT = "def double(x):\n    return 2 * x\n\ndef half(x):\n    return x / 2\n"
CLASS = {
    "ada": RIGHT,
    "bo": RIGHT.replace("x / 2", "x / 2 + 1"),
    "chen": RIGHT.replace("2 * x", "3 * x"),
}


@dataclass
class Classroom:
    """A class that was graded by a suite which asked for half of x, and a suite that asks for something else now."""

    base: Path
    command: Command

    @property
    def course(self) -> Path:
        return self.base / "course"

    @property
    def folder(self) -> Path:
        return self.base / "class"

    @property
    def state(self) -> Path:
        return self.base / "state"

    @property
    def suite(self) -> Path:
        return self.course / "assignments/tiny/hidden/test_tiny.py"

    def change(self, old: str, new: str) -> None:
        """Change the suite."""
        text = self.suite.read_text()
        assert text.count(old) == 1
        self.suite.write_text(text.replace(old, new))

    def grade_py(self, *args: object, **options: Any) -> Done:
        environment = {**os.environ, "COLUMNS": "200", "PYTHONWARNINGS": "error"}
        line = self.command(*args, state=self.state, course=self.course)
        given = {"stdin": subprocess.DEVNULL, **options}
        return subprocess.run(line, env=environment, capture_output=True, text=True, timeout=240, **given)

    def counting(self) -> dict[str, tuple[float | None, int]]:
        """Points and attempt of what counts now, by student."""
        with contextlib.closing(Store(self.state)) as store:
            return {one.submission.student: (one.points, one.attempt) for one in store.results(["tiny"])}

    def results(self) -> list[Result]:
        with contextlib.closing(Store(self.state)) as store:
            return list(store.results(["tiny"]))


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory, command: Command, hand_in: Callable[..., Path]) -> Classroom:
    """Write the course, and grade the class once."""
    classroom = Classroom(tmp_path_factory.mktemp("graded"), command)
    files = {
        "assignments/tiny/assignment.toml": 'format_version = 1\ntitle = "Tiny"\nmodule = "tiny"\n'
        '[[tasks]]\nnumber = 1\ntitle = "All"\npoints = 2\n',
        "assignments/tiny/hidden/test_tiny.py": "import pytest\n" + "\n".join(line[4:] for line in SUITE.splitlines()),
        "reference/tiny/tiny.py": RIGHT,
    }
    for name, text in files.items():
        path = classroom.course / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    for student, source in CLASS.items():
        hand_in(classroom.folder, student, source, "tiny.py")
    done = classroom.grade_py("batch", "tiny", classroom.folder)
    assert done.returncode == 0, done.stderr
    assert classroom.counting() == {"ada": (2, 1), "bo": (1, 1), "chen": (1, 1)}
    return classroom


@pytest.fixture
def classroom(graded: Classroom, tmp_path: Path) -> Classroom:
    """The graded class, for one test to change."""
    shutil.copytree(graded.base, tmp_path / "here")
    return Classroom(tmp_path / "here", graded.command)


def words(text: str) -> str:
    return " ".join(text.split())


def test_it_shows_who_changes_and_through_what_and_records_nothing_by_itself(classroom: Classroom) -> None:
    before = classroom.counting()
    classroom.change("x / 2)", "x / 2 + 1)")
    done = classroom.grade_py("regrade", "tiny", classroom.folder, "--json", classroom.base / "changes.json")
    assert done.returncode == 0, done.stderr
    said = words(done.stdout)
    assert "ada 2 → 1 -1 Each element is halved: passed → failed" in said
    assert "bo 1 → 2 +1 Each element is halved: failed → passed" in said
    assert "chen 1 → 0 -1 Each element is halved: passed → failed" in said
    assert "3 submissions: 0 unchanged, 1 up, 2 down; mean 1.33 → 1 of 2." in said
    assert "Nothing was recorded" in done.stderr
    assert classroom.counting() == before
    (exercise,) = json.loads((classroom.base / "changes.json").read_text())["exercises"]
    ada = exercise["changes"][0]
    assert (ada["student"], ada["points_before"], ada["points_after"]) == ("ada", 2, 1)
    assert [(test["id"], test["before"], test["after"]) for test in ada["tests"]] == [("test_half", "passed", "failed")]

    again = classroom.grade_py("regrade", "tiny", classroom.folder, "--yes")
    assert again.returncode == 0, again.stderr
    assert "3 new results recorded." in again.stderr
    assert again.stdout == done.stdout, "what is recorded is what was shown"
    assert classroom.counting() == {"ada": (1, 1), "bo": (2, 1), "chen": (0, 1)}

    known = classroom.grade_py("regrade", "tiny", classroom.folder)
    assert (known.returncode, known.stdout) == (0, "")
    assert "3 submissions graded by this suite already." in known.stderr
    classroom.change("x / 2 + 1)", "x / 2)")
    back = classroom.grade_py("regrade", "tiny", classroom.folder, "--yes")
    assert back.returncode == 0, back.stderr
    assert classroom.counting() == before, "a suite that was changed back brings the old points back"


def test_who_is_not_graded_this_time_keeps_the_old_result_and_is_named(classroom: Classroom) -> None:
    # The new test breaks on bo's answer and on the reference, so the suite is at fault.
    classroom.change("compare.close(student.half(x), x / 2)", "assert (student.half(x) - x / 2).sum() < 1 or undefined")
    reference = classroom.course / "reference/tiny/tiny.py"
    reference.write_text(CLASS["bo"])
    done = classroom.grade_py("regrade", "tiny", classroom.folder, "--yes")
    assert done.returncode == 1, done.stderr
    assert "Note: The old result of bo in tiny stays: ungraded: Each element is halved." in done.stderr
    assert "2 new results recorded." in done.stderr
    assert classroom.counting()["bo"] == (1, 1)
    suites = {one.submission.student: one.environment.suite_digest for one in classroom.results()}
    assert suites["ada"] == suites["chen"] != suites["bo"]


def test_what_was_never_graded_and_what_is_no_longer_there_is_told(
    classroom: Classroom, hand_in: Callable[..., Path]
) -> None:
    classroom.change("x / 2)", "x / 2 + 1)")
    hand_in(classroom.folder, "dora", RIGHT + "# new\n", "tiny.py")
    hand_in(classroom.folder, "chen", RIGHT + "# another\n", "tiny.py")
    hand_in(classroom.folder, "ada", "def double(:\n", "tiny.py")
    done = classroom.grade_py("regrade", "tiny", classroom.folder, "--yes")
    assert done.returncode == 0, done.stderr
    assert "2 submissions never graded before; grade.py batch does that." in done.stderr
    assert "Untouched: 2 results of other files than these" in done.stderr
    assert "The old result of ada in tiny stays:" in done.stderr
    assert classroom.counting() == {"ada": (2, 1), "bo": (2, 1), "chen": (1, 1)}


@pytest.mark.parametrize(("answer", "recorded"), [(b"y\n", True), (b"n\n", False)])
def test_who_sits_at_a_terminal_is_asked(classroom: Classroom, answer: bytes, recorded: bool) -> None:
    before = classroom.counting()
    classroom.change("x / 2)", "x / 2 + 1)")
    ours, theirs = pty.openpty()
    line = classroom.command("regrade", "tiny", classroom.folder, state=classroom.state, course=classroom.course)
    process = subprocess.Popen(line, stdin=theirs, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stderr is not None
    said = b""
    while b"Record 3 new results?" not in said:
        piece = os.read(process.stderr.fileno(), 4096)
        assert piece, said
        said += piece
    os.write(ours, answer)
    process.communicate(timeout=60)
    os.close(ours)
    os.close(theirs)
    assert process.returncode == 0
    assert (classroom.counting() != before) == recorded


@pytest.mark.long
def test_ctrl_c_records_nothing_and_the_next_run_goes_on(classroom: Classroom) -> None:
    before = classroom.counting()
    classroom.change("x / 2)", "x / 2 + 1)")
    classroom.change(
        "x = draw.normal(9)\n    compare.close(student.double",
        "import time; time.sleep(2)\n    x = draw.normal(9)\n    compare.close(student.double",
    )
    line = classroom.command(
        "regrade", "tiny", classroom.folder, "--jobs", 1, "--yes", state=classroom.state, course=classroom.course
    )
    process = subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, process_group=0)

    def tried() -> int:
        if not (classroom.state / "regrade/attempts.sqlite").exists():
            return 0
        with contextlib.closing(Store(classroom.state / "regrade")) as store:
            return len(list(store.results(["tiny"])))

    deadline = time.monotonic() + 120
    while not tried():
        assert process.poll() is None and time.monotonic() < deadline
        time.sleep(0.1)
    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Stopped, and nothing is recorded." in said and "Traceback" not in said
    assert classroom.counting() == before
    times = {one.timings.started for one in trial_results(classroom)}
    done = classroom.grade_py("regrade", "tiny", classroom.folder, "--yes")
    assert done.returncode == 0
    assert classroom.counting() == {"ada": (1, 1), "bo": (2, 1), "chen": (0, 1)}
    assert times <= {one.timings.started for one in classroom.results()}, "what was graded is not graded again"


def trial_results(classroom: Classroom) -> list[Result]:
    with contextlib.closing(Store(classroom.state / "regrade")) as store:
        return list(store.results(["tiny"]))


@pytest.fixture
def inbox(classroom: Classroom) -> Classroom:
    """The same class, whose work came by an inbox; staff have listed when it came, too."""
    rules = 'format_version = 1\ntitle = "Course"\ninbox = "inbox"\nfeedback = "feedback"\n'
    (classroom.course / "course.toml").write_text(rules)
    (classroom.course / "feedback").mkdir()
    with contextlib.closing(Store(classroom.state)) as store:
        for result in list(store.results(["tiny"])):
            token, student = new_token(), result.submission.student
            path = classroom.state / "received/tiny" / f"{token}.zip"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(archived({"tiny.py": CLASS[student].encode()}))
            for name in (f"tiny+{token}", f"list {token}"):
                store.receive(
                    Received(
                        name=name,
                        slug="tiny",
                        student=student,
                        arrived=datetime(2026, 12, 4, tzinfo=UTC),
                        digest=result.submission.digest,
                        outcome="graded",
                    )
                )
    return classroom


def test_without_a_folder_it_takes_what_the_inbox_has_kept_and_tells_students_anew(inbox: Classroom) -> None:
    inbox.change("x / 2)", "x / 2 + 1)")
    shown = inbox.grade_py("regrade", "--all")
    assert shown.returncode == 0, shown.stderr
    assert "bo 1 → 2 +1" in words(shown.stdout)
    assert list((inbox.course / "feedback").iterdir()) == []
    done = inbox.grade_py("regrade", "tiny", "--yes")
    assert "3 new results recorded, 3 published to students." in done.stderr
    assert inbox.counting() == {"ada": (1, 1), "bo": (2, 1), "chen": (0, 1)}
    told = [json.loads(path.read_text()) for path in (inbox.course / "feedback").glob("*/feedback.json")]
    points = {one["result"]["submission"]["student"]: one["points"] for one in told}
    assert points == {"ada": 1, "bo": 2, "chen": 0}


def test_kept_work_that_is_gone_keeps_its_result(inbox: Classroom) -> None:
    inbox.change("x / 2)", "x / 2 + 1)")
    for path in (inbox.state / "received/tiny").iterdir():
        path.unlink()
    done = inbox.grade_py("regrade", "tiny", "--yes")
    assert done.returncode == 1
    assert "The old result of ada in tiny stays:" in done.stderr
    assert inbox.counting() == {"ada": (2, 1), "bo": (1, 1), "chen": (1, 1)}


@pytest.mark.parametrize(
    ("args", "words"),
    [
        ([], "Name an exercise: python grade.py regrade SLUG [FOLDER]"),
        (["tiny"], "The inbox has kept nothing that was graded for tiny"),
        (["tiny", "a", "b"], "Name an exercise"),
        (["tini"], "Did you mean 'tiny'?"),
        (["tiny", "no/such/class"], "The folder `no/such/class` cannot be read"),
        (["tiny", "--practice"], "A regrade takes no practice marks"),
    ],
)
def test_misuse_is_one_sentence_and_status_2(graded: Classroom, args: list[str], words: str) -> None:
    line = ["regrade", *args, "--course", str(graded.course), "--state", str(graded.state)]
    answer = click.testing.CliRunner().invoke(cli, line, prog_name="grade.py", terminal_width=200)
    assert answer.exit_code == 2
    assert words in " ".join(answer.output.split())


def test_what_was_never_graded_is_not_graded_again(graded: Classroom, tmp_path: Path) -> None:
    line = ["regrade", "tiny", str(graded.folder), "--course", str(graded.course), "--state", str(tmp_path)]
    answer = click.testing.CliRunner().invoke(cli, line, prog_name="grade.py", terminal_width=200)
    assert answer.exit_code == 2
    assert "Nothing has been graded yet for tiny. Use grade.py batch or inbox." in answer.output
