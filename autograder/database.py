"""The database of a course's store: its tables, and how it is opened. SQLite in a folder, or PostgreSQL by its URL."""

import contextlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy
from sqlalchemy import Column, Float, Integer, String, Text
from sqlalchemy.dialects import postgresql, sqlite

from autograder.errors import GraderError, UsageError
from autograder.machine import other_state

__all__ = [
    "Database",
    "attempts",
    "held_back",
    "insert_new",
    "open_database",
    "outcomes",
    "reason",
    "received",
]

_CONNECT_SECONDS = 10
_NOT_A_URL = (
    "--store (or AUTOGRADER_STORE) is no URL of a PostgreSQL database. Write postgresql://user@host/database, with "
    "@, / and : in a password as %40, %2F and %3A; or leave the password to PGPASSWORD or ~/.pgpass."
)

_metadata = sqlalchemy.MetaData()
attempts = sqlalchemy.Table(
    "attempts",
    _metadata,
    Column("id", Integer, primary_key=True),
    Column("slug", String(200), nullable=False),
    Column("student", String(400), nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("suite_digest", String(64), nullable=False),
    Column("reference_digest", String(64), nullable=False),
    Column("valid", Integer, nullable=False),
    Column("points", Float),
    Column("result", Text, nullable=False),
    sqlalchemy.Index("by_submission", "slug", "student", "digest"),
)
received = sqlalchemy.Table(
    "received",
    _metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(200), nullable=False, unique=True),
    Column("slug", String(200), nullable=False),
    Column("student", String(400), nullable=False),
    Column("arrived", String(40), nullable=False),
    Column("digest", String(64), nullable=False),
    sqlalchemy.Index("by_student", "slug", "student"),
)
held_back = sqlalchemy.Table(
    "held_back",
    _metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(200), nullable=False, unique=True),
)
outcomes = sqlalchemy.Table(
    "outcomes",
    _metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(200), nullable=False, index=True),
    Column("outcome", String(40), nullable=False),
    Column("said", Text, nullable=False),
)


@dataclass(frozen=True)
class Database:
    """An open database."""

    engine: sqlalchemy.Engine
    name: str
    """What people know it by; never with a password."""
    mend: str
    """What to do when it fails later, as a clause."""


def open_database(folder: Path, url: str | None) -> Database:
    """Open PostgreSQL by its URL, or without one SQLite in a folder; tables that are missing are made.

    Raises:
        UsageError: the URL is not one of PostgreSQL, or its driver is not installed.
        GraderError: the folder cannot be written, its database is not one of ours, or the server does not answer.
    """
    if url is not None:
        return _open_postgresql(_parsed(url))
    path = folder / "attempts.sqlite"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        engine = sqlalchemy.create_engine(f"sqlite:///{path}")
        _make_tables(engine)
    except (OSError, sqlalchemy.exc.SQLAlchemyError) as error:
        raise GraderError(f"The store {path} cannot be opened: {reason(error)}. {other_state(folder)}") from error
    return Database(engine, str(path), "free some space")


def insert_new(connection: sqlalchemy.Connection, table: sqlalchemy.Table, row: dict[str, Any]) -> bool:
    """Add a row unless there is one with its name, which stays as it is; return whether it was added.

    One statement, because another grader may add the same one at the same time.
    """
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    statement = insert(table).values(row).on_conflict_do_nothing().returning(table.c.id)
    return connection.execute(statement).first() is not None


def reason(error: Exception) -> str:
    """Say in a line what a database, or the file system below it, has to say of an error."""
    original = getattr(error, "orig", None) or error
    said = str(getattr(original, "strerror", None) or original).strip().splitlines() or [type(original).__name__]
    # psycopg lists each address of a server that it has tried; the last is as good as the others.
    return (said[-1] if said[0].startswith("Multiple connection attempts") else said[0]).strip(" .-")


def _parsed(url: str) -> sqlalchemy.URL:
    # Whatever is wrong with it, it is not repeated: a password may stand anywhere in it.
    try:
        parsed = sqlalchemy.make_url(url)
    except (sqlalchemy.exc.ArgumentError, ValueError):
        raise UsageError(_NOT_A_URL) from None
    if parsed.drivername != "postgresql" or "@" in f"{parsed.host}{parsed.database}":
        raise UsageError(_NOT_A_URL)
    return parsed.set(drivername="postgresql+psycopg")


def _open_postgresql(url: sqlalchemy.URL) -> Database:
    name = f"postgresql://{url.host or ''}/{url.database or ''}"
    try:
        # A connection that a server has dropped meanwhile, as while an inbox is watched, is made anew.
        engine = sqlalchemy.create_engine(
            url, pool_pre_ping=True, connect_args={"connect_timeout": _CONNECT_SECONDS}, hide_parameters=True
        )
    except ModuleNotFoundError as error:
        raise UsageError(
            f"The store {name} needs the package {error.name}, which is not installed here. "
            "Install it: pip install 'autograder[postgresql]'"
        ) from error
    try:
        engine.connect().close()
        _make_tables(engine)
    except sqlalchemy.exc.SQLAlchemyError as error:
        engine.dispose()
        raise GraderError(
            f"The store {name} cannot be opened: {reason(error)}. "
            "See to the server and to what may be done there, or correct --store (or AUTOGRADER_STORE)."
        ) from error
    return Database(engine, name, "see to the server")


def _make_tables(engine: sqlalchemy.Engine) -> None:
    # Another grader that begins now may make a table between our look and our own making: then look again.
    for _ in _metadata.tables:
        with contextlib.suppress(sqlalchemy.exc.DBAPIError):
            _metadata.create_all(engine)
            return
    _metadata.create_all(engine)
