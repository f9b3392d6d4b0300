"""An assignment as its instructor wrote it: `assignments/<slug>/assignment.toml` and what lies beside it.

`load` reads it into a frozen `Assignment`. The slug derives every path. Unknown keys are refused by name.
"""

import functools
import hashlib
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, ClassVar, get_type_hints

import msgspec
from msgspec import Meta

from autograder.errors import AssignmentError, UnknownSlug, nearest

__all__ = ["FORMAT_VERSION", "GIVEN", "Assignment", "Kit", "Limits", "Task", "load", "load_kit", "parse_size", "slugs"]

FORMAT_VERSION = 1
GIVEN = frozenset({"README.md", "assignment.toml", "conftest.py", "handout.md", "hints.md", "test_public.py"})
"""What lies beside the answer in what students are given of an exercise, and is no part of it."""

_UNITS = {"B": 1, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30}
_SLUG = re.compile(r"[a-z0-9_]+")


def parse_size(text: str) -> int:
    """Return the bytes in a size such as `"512 MiB"`.

    Raises:
        ValueError: it is not a number and one of B, KiB, MiB, GiB.
    """
    match = re.fullmatch(r"(\d+(?:\.\d+)?) ?(B|KiB|MiB|GiB)", text.strip())
    if match is None:
        raise ValueError(f'{text!r} is not a size; write a number and B, KiB, MiB or GiB, as in "512 MiB"')
    return int(float(match[1]) * _UNITS[match[2]])


class Limits(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a submission may use. `grade.py doctor` prints these defaults with their meanings."""

    import_seconds: Annotated[float, Meta(description="for importing the submission and all that it runs then")] = 30.0
    call_seconds: Annotated[float, Meta(description="for one call of one function")] = 10.0
    total_seconds: Annotated[float, Meta(description="for the whole submission")] = 300.0
    memory: Annotated[str, Meta(description="held by its processes together, beyond the framework itself")] = "1 GiB"
    gpu_memory: Annotated[str, Meta(description="of a GPU, beside what CUDA itself takes")] = "2 GiB"
    scratch: Annotated[str, Meta(description="for the files that it writes")] = "256 MiB"
    reply: Annotated[str, Meta(description="for what one call returns")] = "64 MiB"
    output: Annotated[str, Meta(description="printed during one call; only beginning and end are kept")] = "64 MiB"
    processes: Annotated[int, Meta(description="processes and threads at one time")] = 64

    @classmethod
    def meanings(cls) -> dict[str, str]:
        """Return what each limit is for, in a few words."""
        hints = get_type_hints(cls, include_extras=True)
        return {name: hint.__metadata__[0].description for name, hint in hints.items()}


class Task(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A numbered part of an exercise, with its points."""

    number: int
    title: str
    points: float


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The keys of `assignment.toml`."""

    format_version: int
    title: str
    module: str
    tasks: tuple[Task, ...]
    runtime: str = "torch"
    runtimes: tuple[str, ...] = ()
    devices: tuple[str, ...] = ("cpu",)
    isolation: str = "submission"
    reduced_precision: bool = False
    limits: Limits = Limits()


@dataclass(frozen=True)
class Assignment:
    """One exercise, with where its parts lie."""

    slug: str
    root: Path
    """The course's folder, which holds `assignments/` and `reference/`."""
    title: str
    module: str
    tasks: tuple[Task, ...]
    runtime: str
    """The environment that workers live in; where there are several to choose from, the first."""
    runtimes: tuple[str, ...]
    """Those that an answer may be for; where there are several, its imports say which."""
    devices: tuple[str, ...]
    isolation: str
    """`submission`: one worker serves all tests. `test`: each test gets its own."""
    reduced_precision: bool
    """May products on a GPU be of lower precision than their dtype (TF32, reduced sums), where the submission asks?"""
    limits: Limits
    public: ClassVar[bool] = False
    """Are its tests the public ones, which have neither points nor a reference?"""

    @property
    def folder(self) -> Path:
        """What the instructor wrote."""
        return self.root / "assignments" / self.slug

    @property
    def hidden(self) -> Path:
        """The hidden suite."""
        return self.folder / "hidden"

    @property
    def suite(self) -> Path:
        """What the judge collects: a folder, or a file."""
        return self.hidden

    @property
    def suite_files(self) -> list[Path]:
        """The Python files of the suite, sorted."""
        return sorted(self.hidden.rglob("*.py"))

    @property
    def reference(self) -> Path:
        """The reference module."""
        return self.root / "reference" / self.slug / f"{self.module}.py"

    @property
    def max_points(self) -> float:
        """The points of all tasks."""
        return sum(task.points for task in self.tasks)

    @functools.cached_property
    def suite_digest(self) -> str:
        """SHA-256 over everything that decides a grade but the reference: assignment.toml and the suite."""
        return _digest([self.folder / "assignment.toml", *self.suite_files], self.folder)

    @functools.cached_property
    def reference_digest(self) -> str:
        """SHA-256 over the reference's Python files."""
        folder = self.reference.parent
        return _digest(sorted(folder.glob("*.py")), folder)


@dataclass(frozen=True)
class Kit(Assignment):
    """An exercise as students are given it: a folder named after it, without the hidden suite and the reference."""

    public: ClassVar[bool] = True

    @property
    def folder(self) -> Path:
        """What students are given."""
        return self.root / self.slug

    @property
    def suite(self) -> Path:
        """The public tests."""
        return self.folder / "test_public.py"

    @property
    def suite_files(self) -> list[Path]:
        return [self.suite]


def slugs(root: Path) -> list[str]:
    """Return the slugs of the course in `root`, sorted."""
    return sorted(path.parent.name for path in (root / "assignments").glob("*/assignment.toml"))


def load(root: Path, slug: str) -> Assignment:
    """Read one assignment.

    Raises:
        UnknownSlug: no folder of this name has an assignment.toml.
        AssignmentError: a key is unknown, missing or of the wrong type, or a file that it needs is missing.
    """
    path = root / "assignments" / slug / "assignment.toml"
    known = slugs(root)
    if not _SLUG.fullmatch(slug) or slug not in known:
        listing = f" It has: {', '.join(known)}." if known else " It has no assignments."
        raise UnknownSlug(f"No exercise is named {slug!r} in {root}.{nearest(slug, known)}{listing}")
    assignment = Assignment(slug=slug, root=root, **_fields(_parse(path)))
    if not any(assignment.hidden.glob("test_*.py")):
        raise AssignmentError(
            f"{assignment.hidden} has no test_*.py; an exercise needs a hidden suite. Write one there."
        )
    if not assignment.reference.is_file():
        raise AssignmentError(f"{assignment.reference} is missing; an exercise needs a reference. Write it there.")
    return assignment


def load_kit(folder: Path) -> Kit:
    """Read the exercise of a kit from the assignment.toml in its folder.

    Raises:
        AssignmentError: it is missing, or a key is unknown, missing or of the wrong type.
    """
    path = folder.absolute() / "assignment.toml"
    if not path.is_file():
        raise AssignmentError(f"{path} is missing, so this is no exercise. Get it anew: autograder get SLUG.")
    return Kit(slug=path.parent.name, root=path.parents[1], **_fields(_parse(path)))


def _fields(parsed: _File) -> dict[str, Any]:
    """Return what an assignment has of the keys of its file."""
    fields = {name: getattr(parsed, name) for name in _File.__struct_fields__ if name != "format_version"}
    runtimes = parsed.runtimes or (parsed.runtime,)
    return {**fields, "runtime": runtimes[0], "runtimes": runtimes}


def _parse(path: Path) -> _File:
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise AssignmentError(f"{path} is not valid TOML: {error}. Correct it there.") from error
    _refuse_unknown(path, table, _File, "")
    _refuse_unknown(path, table.get("limits"), Limits, "limits.")
    if "runtime" in table and "runtimes" in table:
        raise AssignmentError(f"{path}: runtime and runtimes say the same. Keep runtimes for several, runtime for one.")
    tasks = table.get("tasks")
    for position, task in enumerate(tasks if isinstance(tasks, list) else [], start=1):
        _refuse_unknown(path, task, Task, f"tasks[{position}].")
    try:
        parsed = msgspec.convert(table, _File)
    except msgspec.ValidationError as error:
        raise AssignmentError(f"{path}: {error}. docs/authoring.md shows every key.") from error
    _check(path, parsed)
    return parsed


def _refuse_unknown(path: Path, table: Any, kind: type[msgspec.Struct], prefix: str) -> None:
    if not isinstance(table, dict):
        return
    known = [field.name for field in msgspec.structs.fields(kind)]
    for key in table:
        if key not in known:
            raise AssignmentError(
                f"{path}: unknown key '{prefix}{key}'.{nearest(key, known)} Known here: {', '.join(known)}."
            )


def _check(path: Path, parsed: _File) -> None:
    """Raise for values of the right type that make no sense."""

    def demand(good: bool, key: str, sentence: str) -> None:
        if not good:
            raise AssignmentError(f"{path}: {key} {sentence}.")

    demand(
        parsed.format_version == FORMAT_VERSION,
        "format_version",
        f"must be {FORMAT_VERSION}; what is above that is for a newer grader, or a newer image of it",
    )
    demand(parsed.module.isidentifier(), "module", "must be a Python identifier, the name of the file without .py")
    demand(len(parsed.tasks) > 0, "tasks", "must not be empty; add [[tasks]] with number, title and points")
    numbers = [task.number for task in parsed.tasks]
    demand(len(set(numbers)) == len(numbers), "tasks", "must have different numbers")
    demand(all(task.points > 0 for task in parsed.tasks), "tasks", "must each have points above 0")
    demand(bool(parsed.devices) and set(parsed.devices) <= {"cpu", "cuda"}, "devices", 'may hold "cpu" and "cuda"')
    runtimes = parsed.runtimes or (parsed.runtime,)
    demand(len(set(runtimes)) == len(runtimes), "runtimes", "must be different")
    demand(
        runtimes == ("torch",) or "cuda" not in parsed.devices,
        "devices",
        'may hold "cuda" where the runtime is torch alone',
    )
    demand(parsed.isolation in ("submission", "test"), "isolation", 'must be "submission" or "test"')
    for field in msgspec.structs.fields(Limits):
        value = getattr(parsed.limits, field.name)
        if isinstance(value, str):
            try:
                value = parse_size(value)
            except ValueError as error:
                raise AssignmentError(f"{path}: limits.{field.name}: {error}.") from error
        demand(value > 0, f"limits.{field.name}", "must be above 0")


def _digest(paths: Iterable[Path], base: Path) -> str:
    digest = hashlib.sha256()
    for path in paths:
        content = path.read_bytes()
        digest.update(f"{path.relative_to(base).as_posix()}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()
