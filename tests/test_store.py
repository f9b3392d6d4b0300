"""Attempts are kept for good, and what was graded before is found again."""

import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from autograder.assignment import Assignment
from autograder.errors import GraderError, UsageError
from autograder.result import Environment, Result, SubmissionRecord, Timings
from autograder.store import Received, Store

RESULT = Result(
    slug="basics",
    title="Tiny",
    attempt=1,
    submission=SubmissionRecord(student="ada", digest="d1", files=("tiny.py",)),
    valid=True,
    points=1.0,
    max_points=1.0,
    tasks=(),
    tests=(),
    environment=Environment(
        autograder="0",
        python="3",
        packages={},
        platform="Linux",
        sandbox="full",
        devices=("cpu",),
        limits={},
        suite_digest="",
        reference_digest="",
        secret_id="s",
    ),
    timings=Timings(started="2025-03-01T10:00:00+00:00", seconds=1.0, tests={}),
)


def change(result: Result, **fields: object) -> Result:
    """The same result with other fields; those of its parts by their own names."""
    for part in ("submission", "environment"):
        record = getattr(result, part)
        own = {name: fields.pop(name) for name in list(fields) if name in record.__struct_fields__}
        fields[part] = msgspec.structs.replace(record, **own)
    return msgspec.structs.replace(result, **fields)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with closing(Store(tmp_path / "state")) as store:
        yield store


@pytest.fixture
def graded(basics: Assignment) -> Result:
    """Ada's first attempt at `basics`."""
    return change(RESULT, suite_digest=basics.suite_digest, reference_digest=basics.reference_digest)


def test_a_result_is_found_again_as_it_was(store: Store, graded: Result, basics: Assignment) -> None:
    store.record(graded)
    assert store.find(basics, "ada", "d1", valid=True) == graded


@pytest.mark.parametrize(
    "fields",
    [
        {"slug": "other"},
        {"student": "bo"},
        {"digest": "d2"},
        {"suite_digest": "changed"},
        {"reference_digest": "changed"},
        {"valid": False},
        {"points": None},
    ],
)
def test_what_was_graded_otherwise_is_not_taken_for_it(
    store: Store, graded: Result, basics: Assignment, fields: dict[str, object]
) -> None:
    store.record(change(graded, **fields))
    assert store.find(basics, "ada", "d1", valid=True) is None


def test_the_latest_result_counts_and_earlier_ones_are_kept(
    store: Store, graded: Result, basics: Assignment, tmp_path: Path
) -> None:
    store.record(graded)
    store.record(change(graded, points=0.5))
    found = store.find(basics, "ada", "d1", valid=True)
    assert found is not None and found.points == 0.5
    assert (tmp_path / "state/attempts.sqlite").read_bytes().count(b'"slug":"basics"') == 2


def test_attempts_are_counted_by_what_was_handed_in(store: Store) -> None:
    assert store.attempt_number("basics", "ada", "d1") == 1
    store.record(RESULT)
    assert store.attempt_number("basics", "ada", "d1") == 1, "the same files are the same attempt"
    assert store.attempt_number("basics", "ada", "d2") == 2
    store.record(change(RESULT, digest="d2", attempt=2))
    assert store.attempt_number("basics", "ada", "d3") == 3
    assert store.attempt_number("basics", "ada", "d1") == 1
    assert store.attempt_number("basics", "bo", "d1") == 1
    assert store.attempt_number("other", "ada", "d1") == 1


def test_a_store_can_be_opened_again(store: Store, graded: Result, basics: Assignment, tmp_path: Path) -> None:
    store.record(graded)
    with closing(Store(tmp_path / "state")) as again:
        assert again.find(basics, "ada", "d1", valid=True) == graded


def test_a_name_is_data_and_not_a_command(store: Store) -> None:
    hostile = "ada'); DROP TABLE attempts; --"
    store.record(change(RESULT, student=hostile))
    assert store.attempt_number("basics", hostile, "d2") == 2


def test_a_store_that_cannot_be_opened_says_why_and_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "attempts.sqlite").write_bytes(b"not a database at all" * 100)
    with pytest.raises(GraderError, match=r"attempts\.sqlite cannot be opened: .*Name another folder with --state"):
        Store(tmp_path)
    (tmp_path / "file").touch()
    with pytest.raises(GraderError, match="cannot be opened"):
        Store(tmp_path / "file")


def test_a_store_that_cannot_be_written_says_so(store: Store, tmp_path: Path) -> None:
    store.close()
    (tmp_path / "state/attempts.sqlite").unlink()
    with pytest.raises(GraderError, match=r"The result of ada could not be stored: .*run the same command again"):
        store.record(RESULT)


def test_graders_that_begin_at_once_make_one_store(tmp_path: Path) -> None:
    for attempt in range(5):
        folder = tmp_path / str(attempt)
        folder.mkdir()
        begin = threading.Barrier(4)

        def open_store(folder: Path = folder, begin: threading.Barrier = begin) -> None:
            begin.wait()
            Store(folder).close()

        with ThreadPoolExecutor(4) as graders:
            for grader in [graders.submit(open_store) for _ in range(4)]:
                grader.result()


def test_what_is_new_is_open_and_what_is_known_stays_as_it_is(store: Store) -> None:
    first = Received(name="a+1", slug="basics", student="ada", arrived=datetime(2026, 12, 4, tzinfo=UTC), digest="d1")
    assert store.receive(first)
    assert store.receive(msgspec.structs.replace(first, digest="d2")), "nothing has become of it yet"
    store.settle("a+1", "graded")
    assert not store.receive(first)
    (kept,) = store.received(["basics"])
    assert (kept.digest, kept.outcome) == ("d1", "graded")
    for _ in range(2):
        store.hold_back(["a+2.zip"])
    assert store.was_held_back("a+2.zip") and not store.was_held_back("a+1.zip")


def test_a_store_that_cannot_be_read_says_so(store: Store, tmp_path: Path) -> None:
    (tmp_path / "state/attempts.sqlite").write_bytes(b"not a database at all" * 100)
    with pytest.raises(GraderError, match=r"attempts\.sqlite could not be read: .*run the same command again"):
        store.attempt_number("basics", "ada", "d1")


@pytest.mark.parametrize(
    "url",
    [
        "hush",
        "mysql://grader:hush@host/course",
        "sqlite:////hush.sqlite",
        "postgresql://grader:hu@sh@host/course",
        "postgresql://grader:hu/sh@host:hush/course",
        "postgresql://grader:hu@sh/hush@host/course",
        "postgresql://grader:p@host:hush/course",
    ],
)
def test_a_wrong_url_is_one_sentence_that_does_not_repeat_it(tmp_path: Path, url: str) -> None:
    with pytest.raises(
        UsageError, match=r"^--store \(or AUTOGRADER_STORE\) is no URL of a PostgreSQL database\."
    ) as found:
        Store(tmp_path, url)
    assert "sh" not in str(found.value).replace("PostgreSQL", "") and found.value.__cause__ is None


def test_a_driver_that_is_missing_is_named_with_the_extra_that_brings_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(UsageError, match=r"needs the package psycopg.*pip install 'autograder\[postgresql\]'") as found:
        Store(tmp_path, "postgresql://grader:hush@host/course?password=hush")
    assert "postgresql://host/course" in str(found.value) and "hush" not in str(found.value)
