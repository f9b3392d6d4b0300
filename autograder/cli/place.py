"""What the students' commands share: where the course is, and what it holds."""

import contextlib
import functools
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar, cast

import click
import platformdirs
from rich.console import Console

from autograder.assignment import Kit, load_kit
from autograder.course import Course, load_course
from autograder.errors import CourseError, GraderError, UnknownSlug, nearest
from autograder.inbox.drop import name_of
from autograder.inbox.feedback import Feedback, fetch
from autograder.inbox.receipts import Receipt, confirm, receipts

__all__ = ["HandedIn", "Place", "errors", "place_options"]

F = TypeVar("F", bound=Callable[..., Any])

errors = Console(stderr=True)

_FILE = "course.toml"


@dataclass(frozen=True)
class HandedIn:
    """Something that this student handed in, and what has come back."""

    receipt: Receipt
    feedback: Feedback | None
    page: Path | None
    """The page with the whole feedback."""


@dataclass(frozen=True)
class Place:
    """The folder of a course as its students see it."""

    folder: Path
    rules: Course

    def kits(self) -> dict[str, Kit]:
        """Return the course's exercises by slug."""
        found = [load_kit(path.parent) for path in sorted(self.folder.glob("*/assignment.toml"))]
        return {kit.slug: kit for kit in found}

    def kit(self, slug: str) -> Kit:
        """Return one exercise.

        Raises:
            UnknownSlug: the course has none of this name.
        """
        kits = self.kits()
        if slug not in kits:
            raise UnknownSlug(
                f"No exercise is named {slug!r} in {self.folder}.{nearest(slug, kits)} It has: {', '.join(kits)}."
            )
        return kits[slug]

    def handed_in(self, slug: str | None = None) -> list[HandedIn]:
        """Return what this student handed in, the oldest first, with its feedback where there is any."""
        found = []
        for receipt in receipts(self.folder):
            if slug in (None, receipt.slug):
                answer, page = self._answer(receipt)
                if not receipt.arrived and (answer or self._lies_there(receipt)):
                    receipt = confirm(receipt)
                found.append(HandedIn(receipt, answer, page))
        return found

    def _lies_there(self, receipt: Receipt) -> bool:
        """Is it in the inbox? Whoever knows its whole name can tell."""
        return self.rules.inbox is not None and (self.rules.inbox / name_of(receipt.slug, receipt.token)).is_file()

    def _answer(self, receipt: Receipt) -> tuple[Feedback | None, Path | None]:
        """Return what has come back; nothing where it cannot be read, which must keep nobody from handing in."""
        try:
            answer = fetch(self.rules.feedback, receipt.token) if self.rules.feedback else None
        except GraderError as error:
            errors.print(f"Note: {error}", markup=False, highlight=False)
            answer = None
        return answer or (None, None)


def place_options(command: F) -> F:
    """Add `--course`, which says where the course is and is remembered; it arrives as `place`."""

    @functools.wraps(command)
    def wrapped(*, course_folder: Path | None, **rest: Any) -> Any:
        return command(place=_find(course_folder), **rest)

    option = click.option(
        "--course",
        "course_folder",
        type=click.Path(exists=True, file_okay=False, path_type=Path),
        envvar="AUTOGRADER_COURSE",
        help="The course's folder, which your teachers name. It is remembered.",
    )
    return cast(F, option(wrapped))


def _find(named: Path | None) -> Place:
    """Find the course: as named, else where it was last time.

    Not in the current folder: whoever may write above it could put a course of theirs there, and get others' work.
    """
    remembered = _remembered()
    folder = named or remembered
    name_it = "Name the folder that your teachers told you, once: autograder list --course FOLDER"
    if folder is None:
        raise CourseError(f"No course is known here yet. {name_it}")
    if not _is_course(folder):
        last_time = "" if named else ", where your course was last time,"
        raise CourseError(f"{folder}{last_time} holds no course: no {_FILE} with an exercise beside it. {name_it}")
    found = folder.resolve()
    if found != remembered:
        _remember(found)
    return Place(found, load_course(found / _FILE))


def _is_course(folder: Path) -> bool:
    """Is it what students see of a course? What staff have holds a course.toml too, and no exercise beside it."""
    return (folder / _FILE).is_file() and any(folder.glob("*/assignment.toml"))


def _memory() -> Path:
    return platformdirs.user_config_path("autograder", appauthor=False) / "course"


def _remembered() -> Path | None:
    with contextlib.suppress(OSError, UnicodeDecodeError):
        return Path(_memory().read_text(encoding="utf-8").strip())
    return None


def _remember(folder: Path) -> None:
    """Remember a course, if the home folder can be written; nothing depends on it."""
    with contextlib.suppress(OSError):
        _memory().parent.mkdir(parents=True, exist_ok=True)
        _memory().write_text(f"{folder}{os.linesep}", encoding="utf-8")
        errors.print(f"Remembered {folder} as your course.", style="dim", markup=False, highlight=False)
