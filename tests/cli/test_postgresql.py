"""A store in PostgreSQL, on a server of its own: it keeps what SQLite keeps, and several graders share it."""

import contextlib
import itertools
import os
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from autograder.assignment import Assignment
from autograder.errors import GraderError
from autograder.nbgrader.bench import Bench
from autograder.result import Result, SubmissionRecord
from autograder.store import Received, Store

pytestmark = pytest.mark.door

PASSWORD = "hush/hush@9"
WRITTEN = "hush%2Fhush%409"
NUMBERS = itertools.count()
NOW = datetime(2026, 12, 4, 12, 0, tzinfo=UTC)

Make = Callable[..., Result]


@dataclass
class Server:
    """A PostgreSQL server that listens on a socket in its folder, and nowhere else."""

    folder: Path
    programs: Path

    def run(self, program: str, *args: str, password: str = "") -> None:
        """Run one of its programs; where we are root, as the folder's owner, since the server refuses to be root."""
        owner = self.folder.stat()
        them: dict[str, Any] = {}
        if os.geteuid() == 0:
            them = {"user": owner.st_uid, "group": owner.st_gid, "extra_groups": []}
        # Into a file: the server that pg_ctl leaves running would keep a pipe open.
        with open(self.folder / "said", "w") as said:
            done = subprocess.run(
                [str(self.programs / program), *args],
                **them,
                cwd=self.folder,
                env={**os.environ, "PGPASSWORD": password},
                stdout=said,
                stderr=subprocess.STDOUT,
                timeout=120,
            )
        assert done.returncode == 0, (self.folder / "said").read_text()

    def start(self) -> None:
        """Start it, and wait until it answers."""
        options = f"-k {self.folder} -c listen_addresses='' -c fsync=off"
        log = str(self.folder / "log")
        self.run("pg_ctl", "--pgdata", str(self.folder / "data"), "-l", log, "-w", "-o", options, "start")

    def stop(self) -> None:
        """Stop it at once, with those that are connected."""
        self.run("pg_ctl", "--pgdata", str(self.folder / "data"), "-w", "-m", "immediate", "stop")

    def url(self, database: str = "postgres", password: str = WRITTEN) -> str:
        """Return the URL of one of its databases."""
        return f"postgresql://grader:{password}@/{database}?host={self.folder}"


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """A server in a folder of its own; pytest's own folders are closed to the user that it must run as."""
    known = shutil.which("initdb")
    places = [Path(known).resolve().parent] if known else sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    assert places, "there is no initdb; `make doors` installs PostgreSQL"
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    server = Server(folder, places[-1])
    try:
        (folder / "password").write_text(PASSWORD)
        if os.geteuid() == 0:
            for path in (folder, folder / "password"):
                shutil.chown(path, "nobody", "nogroup")
        who = ["--username", "grader", "--pwfile", str(folder / "password"), "--auth", "scram-sha-256"]
        server.run("initdb", "--pgdata", str(folder / "data"), "--no-sync", "--encoding", "UTF8", *who)
        server.start()
        yield server
        server.stop()
    finally:
        shutil.rmtree(folder)


@pytest.fixture
def database(server: Server) -> Iterator[str]:
    """The URL of an empty database."""
    name = f"course{next(NUMBERS)}"
    there = ["--host", str(server.folder), "--username", "grader", name]
    server.run("createdb", *there, password=PASSWORD)
    yield server.url(name)
    server.run("dropdb", "--force", *there, password=PASSWORD)


@pytest.fixture
def store(database: str, tmp_path: Path) -> Iterator[Store]:
    with contextlib.closing(Store(tmp_path, database)) as store:
        yield store


@pytest.fixture
def graded(result: Make, basics: Assignment) -> Make:
    """Make a result of `basics` under its suite, for a digest."""

    def make(student: str, digest: str = "d1", **fields: Any) -> Result:
        one = result(student, **{"slug": "basics", "points": 1.0, **fields})
        digests = {"suite_digest": basics.suite_digest, "reference_digest": basics.reference_digest}
        return msgspec.structs.replace(
            one,
            submission=SubmissionRecord(student=student, digest=digest, files=("basics.py",)),
            environment=msgspec.structs.replace(one.environment, **digests),
        )

    return make


def came(name: str, student: str = "ada", **fields: Any) -> Received:
    return Received(**{"name": name, "slug": "basics", "student": student, "arrived": NOW, "digest": "d1", **fields})


def everything(store: Store, graded: Make, basics: Assignment) -> list[object]:
    """Do with a store all that can be done, and return all that it says."""
    said: list[object] = []
    hostile = "gül'); DROP TABLE attempts; --"
    for one in (
        graded("ada", points=0.1 + 0.2),
        graded("ada", "d2", attempt=2),
        graded("ada", "d2", attempt=2, points=0.5),
        graded("bo", points=None),
        graded("chen", valid=False),
        graded(hostile, error="a NUL \0, a surrogate-free ☃"),
    ):
        store.record(one)
    for student, digest in (("ada", "d1"), ("ada", "d2"), ("bo", "d1"), ("chen", "d1"), (hostile, "d1")):
        said += [store.find(basics, student, digest, valid=valid) for valid in (True, False)]
        said += [store.attempt_number("basics", student, digest), store.attempt_number("basics", student, "new")]
    said.append(sorted(store.results(["basics", "other"]), key=repr))
    for one in (came("a+1"), came("a+1", digest="d2"), came("a+2", "bo", outcome="graded"), came("a+3", "bo")):
        said.append(store.receive(one))
    store.settle("a+1", "waiting", "until later")
    said.append(store.unsettled(["basics"], {"waiting"}))
    store.settle("a+1", "graded")
    said += [store.unsettled(["basics"], {"waiting"}), store.received(["basics"]), store.received(["basics"], "bo")]
    for name in ("x", "x"):
        store.hold_back([name])
    said += [store.was_held_back("x"), store.was_held_back("y")]
    return said


def test_it_keeps_and_says_all_that_sqlite_does(
    store: Store, graded: Make, basics: Assignment, tmp_path: Path, database: str
) -> None:
    with contextlib.closing(Store(tmp_path / "sqlite")) as known:
        expected = everything(known, graded, basics)
    assert everything(store, graded, basics) == expected
    with contextlib.closing(Store(tmp_path, database)) as again:
        assert sorted(again.results(["basics"]), key=repr) == sorted(store.results(["basics"]), key=repr)
    assert not (tmp_path / "attempts.sqlite").exists()


def test_graders_that_work_at_once_lose_nothing(database: str, tmp_path: Path, graded: Make) -> None:
    graders, each = 6, 20
    begin = threading.Barrier(graders)

    def work(number: int) -> list[bool]:
        begin.wait()
        with contextlib.closing(Store(tmp_path, database)) as store:
            for step in range(each):
                store.record(graded(f"s{number}", f"d{step}", attempt=step + 1))
            begin.wait()
            # All of them list the same, as two batches over one folder do.
            return [store.receive(came(f"list {step}", outcome="graded")) for step in range(each)]

    with ThreadPoolExecutor(graders) as threads:
        still_open = [grader.result() for grader in [threads.submit(work, number) for number in range(graders)]]
    assert not any(itertools.chain.from_iterable(still_open))
    with contextlib.closing(Store(tmp_path, database)) as store:
        kept = {(one.submission.student, one.submission.digest) for one in store.results(["basics"])}
        listed = store.received(["basics"])
    assert kept == {(f"s{number}", f"d{step}") for number in range(graders) for step in range(each)}
    assert {one.outcome for one in listed} == {"graded"}
    assert sorted(one.name for one in listed) == sorted(f"list {step}" for step in range(each))


def test_a_server_that_was_started_anew_is_found_again(server: Server, store: Store, graded: Make) -> None:
    store.record(graded("ada"))
    server.stop()
    with pytest.raises(GraderError, match=r"could not be stored: .*see to the server and run the same command again"):
        store.record(graded("bo"))
    with pytest.raises(GraderError, match=r"could not be read: .*Nothing in it was changed; see to the server"):
        store.attempt_number("basics", "ada", "d1")
    server.start()
    store.record(graded("chen"))
    assert [one.submission.student for one in store.results(["basics"])] == ["ada", "chen"]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"password": "hushed"}, 'password authentication failed for user "grader"'),
        ({"database": "nowhere"}, 'database "nowhere" does not exist'),
    ],
)
def test_what_cannot_be_opened_is_one_sentence_without_a_password(
    server: Server, tmp_path: Path, change: dict[str, str], why: str
) -> None:
    with pytest.raises(GraderError) as found:
        Store(tmp_path, server.url(**change))
    said = str(found.value)
    assert why in said and said.endswith("or correct --store (or AUTOGRADER_STORE).")
    assert "hush" not in said and "\n" not in said


def test_a_server_that_is_down_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(GraderError, match=r"^The store postgresql://127\.0\.0\.1/course cannot be opened: .*refused.*"):
        Store(tmp_path, "postgresql://grader:hush@127.0.0.1:1/course")
    with pytest.raises(GraderError, match=r"^The store postgresql:///course cannot be opened: .*No such file.*"):
        Store(tmp_path, f"postgresql://grader:hush@/course?host={tmp_path}")


def test_the_commands_and_nbgrader_use_it_by_option_and_by_variable(
    database: str,
    command: Callable[..., list[str]],
    hand_in: Callable[..., Path],
    right: str,
    course: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hand_in(tmp_path / "class", "ada", right)
    state = tmp_path / "state"

    def grade_py(*args: object, **environment: str) -> "subprocess.CompletedProcess[str]":
        line = command(*args, state=state)
        return subprocess.run(line, env={**os.environ, **environment}, capture_output=True, text=True, timeout=240)

    first = grade_py("batch", "basics", tmp_path / "class", "--store", database)
    assert first.returncode == 0, first.stderr
    again = grade_py("batch", "basics", tmp_path / "class", AUTOGRADER_STORE=database)
    assert "1 unchanged" in again.stderr
    rules = tmp_path / "course.toml"
    rules.write_text('format_version = 1\ntitle = "Course"\n')
    wanted = ["export", "csv", "--rules", rules, "--to", tmp_path / "grades.csv"]
    assert grade_py(*wanted, AUTOGRADER_STORE=database).returncode == 0
    assert "ada" in (tmp_path / "grades.csv").read_text()
    assert not (state / "attempts.sqlite").exists()
    refused = grade_py(*wanted, "--store", database.replace(WRITTEN, "hushed"))
    assert refused.returncode == 1 and "password authentication failed" in refused.stderr
    assert "hush" not in refused.stderr and "Traceback" not in refused.stderr

    monkeypatch.setenv("AUTOGRADER_STORE", database)
    with contextlib.closing(Bench(course, state)) as bench:
        (known,) = bench._store.results(["basics"])
    assert known.submission.student == "ada"
