"""Attempts, kept for good: one row for each grading, never changed."""

import contextlib
from pathlib import Path

import sqlalchemy
from sqlalchemy import Column, Float, Integer, String, Text

from autograder.errors import GraderError
from autograder.result import Result, from_json, to_json

__all__ = ["Store"]

_metadata = sqlalchemy.MetaData()
_attempts = sqlalchemy.Table(
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


class Store:
    """The attempts of a course."""

    def __init__(self, folder: Path) -> None:
        """Open the store in a folder, making both if they are missing.

        Raises:
            GraderError: the folder cannot be written, or its database is not one of ours.
        """
        path = folder / "attempts.sqlite"
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._engine = sqlalchemy.create_engine(f"sqlite:///{path}")
            _metadata.create_all(self._engine)
        except (OSError, sqlalchemy.exc.SQLAlchemyError) as error:
            raise GraderError(
                f"The store {path} cannot be opened: {_reason(error)}. Name another folder with --state."
            ) from error

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
        try:
            with self._engine.begin() as connection:
                connection.execute(_attempts.insert().values(row))
        except sqlalchemy.exc.SQLAlchemyError as error:
            raise GraderError(
                f"The result of {result.submission.student} could not be stored: {_reason(error)}. "
                "Results before it are safe; free some space and run the same command again."
            ) from error

    def find(
        self, slug: str, student: str, digest: str, suite_digest: str, reference_digest: str, *, valid: bool
    ) -> Result | None:
        """Return the latest complete result of this very submission under this very suite, if there is one.

        A result with an ungraded test is not complete, and one that is damaged, or that another version wrote, is not
        readable: they are graded again.
        """
        query = (
            sqlalchemy.select(_attempts.c.result)
            .where(
                _attempts.c.slug == slug,
                _attempts.c.student == student,
                _attempts.c.digest == digest,
                _attempts.c.suite_digest == suite_digest,
                _attempts.c.reference_digest == reference_digest,
                _attempts.c.valid == int(valid),
                _attempts.c.points.is_not(None),
            )
            .order_by(_attempts.c.id.desc())
            .limit(1)
        )
        with self._engine.connect() as connection:
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
        with self._engine.connect() as connection:
            rows = connection.execute(query).all()
        same = [number for number, known in rows if known == digest]
        return int(same[0]) if same else 1 + max((int(number) for number, _ in rows), default=0)

    def close(self) -> None:
        self._engine.dispose()


def _reason(error: Exception) -> str:
    original = getattr(error, "orig", None) or error
    return str(getattr(original, "strerror", None) or original)
