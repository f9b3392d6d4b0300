"""The plain table as Parquet, read back with pyarrow."""

import io
import sys
from collections.abc import Callable
from datetime import UTC, datetime

import pyarrow as arrow
import pyarrow.parquet
import pytest

from autograder.errors import UsageError
from autograder.export import parquet
from autograder.export.table import grade_table, per_test_table
from autograder.result import Status
from autograder.roster import Person
from autograder.scoring import Grade

NOON = datetime(2026, 12, 4, 12, 0, tzinfo=UTC)


def read(data: bytes) -> arrow.Table:
    return pyarrow.parquet.read_table(io.BytesIO(data))


def test_it_holds_the_table_with_its_types(graded: Callable[..., Grade], missing: Grade) -> None:
    grades = [graded("anna", Status.PASSED, submitted=NOON), graded("bo", Status.UNGRADED), missing]
    table = grade_table(grades, {"anna": Person(student="anna", first_name="=Änna 🎓\n")})
    found = read(parquet.write(table))
    assert [tuple(row.values()) for row in found.to_pylist()] == [tuple(row) for row in table.rows]
    assert found.column("first_name").to_pylist() == ["=Änna 🎓\n", "", ""]
    assert found.column("points").to_pylist() == [1.0, None, None]
    types = {field.name: field.type for field in found.schema}
    assert types["points"] == arrow.float64() and types["attempt"] == arrow.int32()
    assert types["student"] == arrow.string()
    assert arrow.types.is_timestamp(types["submitted"]) and types["submitted"].tz == "UTC"


def test_the_types_are_the_same_where_nothing_is_known(missing: Grade) -> None:
    assert read(parquet.write(grade_table([missing], {}))).schema == read(parquet.write(grade_table([], {}))).schema


def test_it_holds_the_tests(graded: Callable[..., Grade]) -> None:
    found = read(parquet.write(per_test_table([graded("anna", Status.PASSED, Status.TIMED_OUT)])))
    assert found.select(["test", "status", "points"]).to_pylist() == [
        {"test": "test_0", "status": "passed", "points": 1.0},
        {"test": "test_1", "status": "timed_out", "points": 0.0},
    ]


def test_a_lone_surrogate_is_written_visibly(graded: Callable[..., Grade]) -> None:
    found = read(parquet.write(grade_table([graded("a\ud800", Status.PASSED)], {})))
    assert found.column("student").to_pylist() == ["a\\ud800"]


def test_without_pyarrow_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch, missing: Grade) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(UsageError, match=r"needs the package pyarrow.*pip install .*, or export csv\."):
        parquet.write(grade_table([missing], {}))
