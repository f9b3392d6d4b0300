"""What the commands share: where the course is, which sandbox it gets, and how text is printed."""

import functools
import os
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar, cast

import click
from rich.console import Console

import autograder
from autograder import course as rules
from autograder.assemble import Conditions
from autograder.assignment import Assignment, parse_size, slugs
from autograder.authoring.mutants import load_mutants
from autograder.errors import AssignmentError, CourseError, GpuUnavailable, GraderError
from autograder.files import replace_file
from autograder.framework import first_runtimes
from autograder.grading import Pool, confined_pool, warm_pool
from autograder.result import Result
from autograder.sandbox import gpu
from autograder.sandbox.bare import practice_recipe
from autograder.sandbox.bubblewrap import try_on_gpu
from autograder.sandbox.home import runtimes_folder
from autograder.secret import course_secret, secret_id
from autograder.submission import Submission, student_at

__all__ = [
    "Course",
    "confined_options",
    "course_options",
    "errors",
    "grading_options",
    "misconceptions",
    "tell",
    "unreadable",
    "write_file",
]

if TYPE_CHECKING:
    from autograder.store import Store

F = TypeVar("F", bound=Callable[..., Any])

errors = Console(stderr=True)


@dataclass(frozen=True)
class Course:
    """Where a course lies and how it is graded today."""

    root: Path
    state: Path
    practice: bool
    rules_file: Path | None = None
    """Its course.toml, where it is not the one in `root`."""
    device: Literal["auto", "cuda", "simulated"] = "auto"
    """What `cuda` is to be; `auto`: a GPU where there is one to grade on."""
    gpu_slots: int | None = None
    """Slots on each GPU; None: as many as its memory holds."""
    store: str | None = field(default=None, repr=False)  # it may hold a password
    """URL of the PostgreSQL database with its past results; None: they are in `state`."""

    def rules(self, *, needed: bool = True) -> rules.Course:
        """Return who takes part, until when, and what late work is worth.

        Without `needed`, a course that has no course.toml has no people, no deadlines and no late policy.

        Raises:
            CourseError: course.toml is wrong, or missing where it is needed.
        """
        path = self.rules_file or self.root / "course.toml"
        if self.rules_file is None and not path.exists():
            if not needed:
                return rules.Course()
            raise CourseError(
                f"There is no {path}. Write one (docs/course.md shows how), or name another with --rules."
            )
        found = rules.load_course(path)
        found.refuse_unknown(slugs(self.root))
        return found

    def open_pool(self, assignments: Collection[Assignment], slots: int) -> Pool:
        """Start slots that grade these assignments, in the strongest sandbox that works on this machine.

        Raises:
            SandboxUnavailable: none works, and practice was not asked for.
            GpuUnavailable: a GPU was asked for, and there is none to grade on.
        """
        seats = self._seats(assignments)
        if not self.practice:
            return confined_pool(assignments, self.secret(), slots, seats, self.runtimes)
        errors.print("[bold yellow]Practice: nothing confines the submissions, and the marks are not valid.[/]")
        find = functools.partial(practice_recipe, folder=self.runtimes)
        recipes = {name: find(name) for name in first_runtimes(assignments, self.runtimes)}
        return warm_pool(recipes, assignments, self.secret(), slots, find=find)

    def _seats(self, assignments: Collection[Assignment]) -> list[gpu.Seat]:
        """Return the places of slots on GPUs; none where `cuda` is simulated, or nothing is for a GPU."""
        for_gpu = [assignment for assignment in assignments if "cuda" in assignment.devices]
        if not for_gpu or self.device == "simulated":
            return []
        memory = max(parse_size(assignment.limits.gpu_memory) for assignment in for_gpu)
        try:
            if self.practice:
                raise GpuUnavailable("practice has none. Leave out --practice")
            seats = gpu.seats(gpu.find(), memory, self.gpu_slots, os.cpu_count() or 1)
            for runtime in sorted({assignment.runtime for assignment in for_gpu}):
                try_on_gpu(runtime, seats[0])
        except GpuUnavailable as error:
            if self.device == "cuda":
                raise GpuUnavailable(
                    f"There is no GPU to grade on: {error}, or leave out --device cuda: then it is simulated."
                ) from error
            if os.path.exists("/dev/nvidiactl"):
                tell(f"the GPU is not used, and cuda is simulated on the CPU: {error}.")
            return []
        return seats

    def open_store(self) -> "Store":
        """Open past results, wherever this course has them.

        Raises:
            UsageError: the URL of the store is wrong.
            GraderError: it cannot be opened.
        """
        from autograder.store import Store  # which takes a while, and not every command needs

        return Store(self.state, self.store)

    @property
    def runtimes(self) -> Path:
        """Where the environments of other frameworks are installed."""
        return runtimes_folder(self.state)

    def secret(self) -> bytes:
        """Return what hidden inputs are drawn from."""
        return course_secret(self.state)

    def conditions(self, tier: str) -> Conditions:
        """Return what a result that needs no slot is made under."""
        started = datetime.now(UTC).isoformat(timespec="seconds")
        return Conditions(tier=tier, secret_id=secret_id(self.secret()), started=started)


def course_options(command: F) -> F:
    """Add the options that say where the course is; they arrive as `course`."""
    return _with_course(command, grades=False, practice=False)


def confined_options(command: F) -> F:
    """Add those, and what a command needs that grades, and never without a sandbox."""
    return _with_course(command, grades=True, practice=False)


def grading_options(command: F) -> F:
    """Add those, and what a command needs that grades, in practice too."""
    return _with_course(command, grades=True, practice=True)


_GRADING = [
    click.option(
        "--device",
        type=click.Choice(["auto", "cuda", "simulated"]),
        default="auto",
        show_default=True,
        help="What cuda is: a GPU, or the CPU simulating one; auto is a GPU where there is one.",
    ),
    click.option(
        "--gpu-slots",
        type=click.IntRange(min=1),
        help="Slots on each GPU. [default: as many as its free memory holds]",
    ),
]
"""The options of a command that grades."""


def _with_course(command: F, *, grades: bool, practice: bool) -> F:

    @functools.wraps(command)
    def wrapped(*, root: Path, state: Path | None, practice: bool, rules_file: Path | None, **rest: Any) -> Any:
        root = root.resolve()
        options = {name: rest.pop(name) for name in ("store", *(("device", "gpu_slots") if grades else ()))}
        course = Course(root, (state or root / ".autograder").resolve(), practice, rules_file, **options)
        return command(course=course, **rest)

    options = [
        click.option(
            "--course",
            "root",
            type=click.Path(exists=True, file_okay=False, path_type=Path),
            default=Path(autograder.__file__).parents[1],
            envvar="AUTOGRADER_COURSE",
            help="Folder that holds assignments/ and reference/. [default: this one]",
        ),
        click.option(
            "--state",
            type=click.Path(file_okay=False, readable=False, path_type=Path),
            envvar="AUTOGRADER_STATE",
            help="Folder for the course's secret and past results. [default: .autograder/ in the course]",
        ),
        click.option(
            "--store",
            metavar="URL",
            envvar=rules.STORE_VARIABLE,
            help="PostgreSQL database for past results: postgresql://user@host/database. [default: SQLite in --state]",
        ),
        click.option(
            "--rules",
            "rules_file",
            type=click.Path(exists=True, dir_okay=False, path_type=Path),
            envvar="AUTOGRADER_RULES",
            help="Roster, deadlines and late policy. [default: course.toml in the course]",
        ),
        # Who gives it where there can be no practice is told why.
        click.option(
            "--practice",
            is_flag=True,
            hidden=not practice,
            help="Grade without a sandbox. Marks are stamped not valid.",
        ),
    ]
    options += _GRADING if grades else []
    decorated: Any = wrapped
    for option in reversed(options):
        decorated = option(decorated)
    return cast(F, decorated)


def tell(sentence: str) -> None:
    """Tell staff something beside the results, as a note."""
    errors.print(f"Note: {sentence}", markup=False, highlight=False, soft_wrap=True)


def misconceptions(course: Course, results: Collection[Result]) -> dict[str, dict[str, str]]:
    """Return what the mistakes in these results stand for, in a sentence: by slug, then by the mistake's name.

    Where the mutants of an exercise cannot be read, staff are told, and its mistakes are left out: results are shown
    all the same.
    """
    slugs_with_mistakes = {result.slug for result in results if any(test.mistake for test in result.tests)}
    found = {}
    for slug in sorted(slugs_with_mistakes):
        try:
            found[slug] = {mutant.name: mutant.misconception for mutant in load_mutants(course.root, slug)}
        except AssignmentError as error:
            tell(f"mistakes are shown by their names only: {error}")
    return found


def unreadable(path: Path, student: str | None = None) -> Submission:
    """Return what stands for a submission that could not be read."""
    return Submission(student=student or student_at(path), files={}, digest="")


def write_file(path: Path, data: bytes, option: str = "--json") -> None:
    """Write a file so that it is either the old one or the whole new one; `option` named the place.

    Raises:
        GraderError: it cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(path, data)
    except OSError as error:
        raise GraderError(f"{path} cannot be written: {error.strerror}. Name another place with {option}.") from error
