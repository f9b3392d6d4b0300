"""Attempts and what was handed in, kept for good: rows are added, never changed."""

import contextlib
from collections.abc import Collection, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
import sqlalchemy

from autograder.assignment import Assignment
from autograder.database import attempts as _attempts
from autograder.database import held_back as _held_back
from autograder.database import insert_new, open_database, reason
from autograder.database import outcomes as _outcomes
from autograder.database import received as _received
from autograder.errors import GraderError
from autograder.result import Result, from_json, to_json

__all__ = ["Received", "Store"]


class Received(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that a student handed in, and when."""

    name: str
    """Tells it from all others."""
    slug: str
    student: str
    arrived: datetime
    """With its time zone."""
    digest: str
    """That of the submission; empty where it could not be read."""
    outcome: str = ""
    """What has become of it: one of `autograder.inbox.plan.Outcome`, or empty as long as that is open."""
    said: str = ""
    """The sentence for the student that goes with the outcome."""


class Store:
    """The attempts of a course."""

    def __init__(self, folder: Path, url: str | None = None) -> None:
        """Open the store in a folder, making both if they are missing; or with `url` that in a PostgreSQL database.

        Raises:
            UsageError: the URL is wrong.
            GraderError: the folder cannot be written, its database is not one of ours, or the server does not answer.
        """
        self._database = open_database(folder, url)
        self._engine = self._database.engine

    def record(self, result: Result) -> None:
        """Add the result of an attempt.

        Raises:
            GraderError: the database cannot be written, as on a full disk; what it held before is unharmed.
        """
        row = {
            "slug": result.slug,
            "student": result.submission.student,
            "attempt": result.attempt,
            "digest": result.submission.digest,
            "suite_digest": result.environment.suite_digest,
            "reference_digest": result.environment.reference_digest,
            "valid": int(result.valid),
            "points": result.points,
            "result": to_json(result).decode(),
        }
        with self._writing(f"The result of {result.submission.student}") as connection:
            connection.execute(_attempts.insert().values(row))

    def find(self, assignment: Assignment, student: str, digest: str, *, valid: bool) -> Result | None:
        """Return the latest complete result of this very submission under this very suite, if there is one.

        A result with an ungraded test is not complete, and one that is damaged, or that another version wrote, is not
        readable: they are graded again.
        """
        query = (
            sqlalchemy.select(_attempts.c.result)
            .where(
                _attempts.c.slug == assignment.slug,
                _attempts.c.student == student,
                _attempts.c.digest == digest,
                _attempts.c.suite_digest == assignment.suite_digest,
                _attempts.c.reference_digest == assignment.reference_digest,
                _attempts.c.valid == int(valid),
                _attempts.c.points.is_not(None),
            )
            .order_by(_attempts.c.id.desc())
            .limit(1)
        )
        with self._reading() as connection:
            found = connection.execute(query).scalar()
        if found is None:
            return None
        with contextlib.suppress(GraderError):
            return from_json(found)
        return None

    def attempt_number(self, slug: str, student: str, digest: str) -> int:
        """Return the attempt that a submission is: its own number when it was graded before, else one more than the
        last.
        """
        query = sqlalchemy.select(_attempts.c.attempt, _attempts.c.digest).where(
            _attempts.c.slug == slug, _attempts.c.student == student
        )
        with self._reading() as connection:
            rows = connection.execute(query).all()
        same = [number for number, known in rows if known == digest]
        return int(same[0]) if same else 1 + max((int(number) for number, _ in rows), default=0)

    def results(self, slugs: Collection[str]) -> Iterator[Result]:
        """Yield the latest valid result of each submission to these exercises, by exercise, student and attempt.

        Raises:
            GraderError: a result is damaged, or another version wrote it.
        """
        latest = (
            sqlalchemy.select(sqlalchemy.func.max(_attempts.c.id))
            .where(_attempts.c.valid == 1, _attempts.c.slug.in_(slugs))
            .group_by(_attempts.c.slug, _attempts.c.student, _attempts.c.digest)
        )
        query = (
            sqlalchemy.select(_attempts.c.result)
            .where(_attempts.c.id.in_(latest))
            .order_by(_attempts.c.slug, _attempts.c.student, _attempts.c.attempt)
        )
        with self._reading() as connection:
            yield from map(from_json, connection.execute(query).scalars())

    def receive(self, received: Received) -> bool:
        """Add what a student handed in, with its outcome if it has one. What is there by its name stays as it is.

        Returns whether it is open, as what is new is: nothing has become of it yet.

        Raises:
            GraderError: the database cannot be written.
        """
        row = msgspec.structs.asdict(received)
        row = {key: row[key] for key in ("name", "slug", "student", "digest")} | {"arrived": row["arrived"].isoformat()}
        with self._writing(f"The submission of {received.student}") as connection:
            if not insert_new(connection, _received, row):
                settled = sqlalchemy.select(_outcomes.c.id).where(_outcomes.c.name == received.name)
                return connection.execute(settled).first() is None
            if received.outcome:
                outcome = {"name": received.name, "outcome": received.outcome, "said": received.said}
                connection.execute(_outcomes.insert().values(outcome))
        return not received.outcome

    def has_received(self, name: str) -> bool:
        """Is something recorded under this name?"""
        query = sqlalchemy.select(_received.c.id).where(_received.c.name == name)
        with self._reading() as connection:
            return connection.execute(query).first() is not None

    def settle(self, name: str, outcome: str, said: str = "") -> None:
        """Add what has become of something that was handed in.

        Raises:
            GraderError: the database cannot be written.
        """
        with self._writing("What became of a submission") as connection:
            connection.execute(_outcomes.insert().values(name=name, outcome=outcome, said=said))

    def received(self, slugs: Collection[str], student: str | None = None) -> list[Received]:
        """Return what was handed in for these exercises, each with its latest outcome, in the order of recording.

        With `student`, only what is theirs.
        """
        last = sqlalchemy.select(sqlalchemy.func.max(_outcomes.c.id)).where(_outcomes.c.name == _received.c.name)
        columns = [_received.c[key] for key in ("name", "slug", "student", "arrived", "digest")]
        query = (
            sqlalchemy.select(*columns, _outcomes.c.outcome, _outcomes.c.said)
            .outerjoin(_outcomes, _outcomes.c.id == last.correlate(_received).scalar_subquery())
            .where(_received.c.slug.in_(slugs))
            .order_by(_received.c.id)
        )
        if student is not None:
            query = query.where(_received.c.student == student)
        with self._reading() as connection:
            rows: list[dict[str, Any]] = [dict(row) for row in connection.execute(query).mappings()]
        return [
            Received(
                **{key: row[key] or "" for key in row if key != "arrived"},
                arrived=datetime.fromisoformat(row["arrived"]),
            )
            for row in rows
        ]

    def unsettled(self, slugs: Collection[str], open_outcomes: Collection[str]) -> list[tuple[str, str]]:
        """Return for which exercise and student something has no outcome yet, or last had one of `open_outcomes`."""
        last = sqlalchemy.select(sqlalchemy.func.max(_outcomes.c.id)).where(_outcomes.c.name == _received.c.name)
        query = (
            sqlalchemy.select(_received.c.slug, _received.c.student)
            .outerjoin(_outcomes, _outcomes.c.id == last.correlate(_received).scalar_subquery())
            .where(
                _received.c.slug.in_(slugs),
                _outcomes.c.outcome.is_(None) | _outcomes.c.outcome.in_(open_outcomes),
            )
            .group_by(_received.c.slug, _received.c.student)
            .order_by(sqlalchemy.func.min(_received.c.id))
        )
        with self._reading() as connection:
            return [(slug, student) for slug, student in connection.execute(query)]

    def hold_back(self, names: Collection[str]) -> None:
        """Remember what could not be read because of whoever handed it in.

        Raises:
            GraderError: the database cannot be written.
        """
        with self._writing("What was held back") as connection:
            for name in names:
                insert_new(connection, _held_back, {"name": name})

    def was_held_back(self, name: str) -> bool:
        """Could it not be read at first?"""
        query = sqlalchemy.select(_held_back.c.id).where(_held_back.c.name == name)
        with self._reading() as connection:
            return connection.execute(query).first() is not None

    def close(self) -> None:
        self._engine.dispose()

    @contextlib.contextmanager
    def _writing(self, what: str) -> Iterator[sqlalchemy.Connection]:
        try:
            with self._engine.begin() as connection:
                yield connection
        except sqlalchemy.exc.SQLAlchemyError as error:
            raise GraderError(
                f"{what} could not be stored: {reason(error)}. "
                f"What was stored before is safe; {self._database.mend} and run the same command again."
            ) from error

    @contextlib.contextmanager
    def _reading(self) -> Iterator[sqlalchemy.Connection]:
        try:
            with self._engine.connect() as connection:
                yield connection
        except sqlalchemy.exc.SQLAlchemyError as error:
            raise GraderError(
                f"The store {self._database.name} could not be read: {reason(error)}. "
                f"Nothing in it was changed; {self._database.mend} and run the same command again."
            ) from error
