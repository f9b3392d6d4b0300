"""Mutants: known wrong answers, written as edits of the reference.

`reference/<slug>/mutants.toml` names each mistake, the misconception that it stands for, a hint, and the tests that
must catch it; docs/authoring.md shows one.
"""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from autograder.assignment import load
from autograder.errors import AssignmentError

__all__ = ["Mutant", "load_mutants", "mutants_of"]


_WANTED = {
    "misconception": "Write what a student who makes this mistake believes.",
    "hint": "Write what to tell them, without the answer.",
    "caught_by": "Name the hidden tests that must fail on it.",
}


class _Edit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    find: str
    replace: str


class _Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    misconception: str
    hint: str
    caught_by: tuple[str, ...]
    edits: tuple[_Edit, ...]


@dataclass(frozen=True)
class Mutant:
    """A known wrong answer."""

    name: str
    misconception: str
    """What a student who makes this mistake believes, in a sentence."""
    hint: str
    """What to tell them."""
    caught_by: tuple[str, ...]
    """The test functions that must fail on it."""
    source: str
    """The whole module."""
    edits: tuple[tuple[str, str], ...] = ()
    """What is found in the reference, and what stands there instead."""
    path: Path = Path()
    """The file that it is from."""


def load_mutants(root: Path, slug: str) -> list[Mutant]:
    """Return the mutants of an exercise, in the order of the file; none when there is no file.

    Raises:
        AssignmentError: the file is malformed, a key is empty, or an edit does not fit the reference exactly once.
    """
    return mutants_of(load(root, slug).reference)


def mutants_of(answer: Path) -> list[Mutant]:
    """Return the mutants of an answer, from the `mutants.toml` beside it; raises as `load_mutants` does."""
    path = answer.with_name("mutants.toml")
    if not path.exists():
        return []
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise AssignmentError(f"{path} is not valid TOML: {error}. Correct it there.") from error
    reference = answer.read_text(encoding="utf-8")
    return [_mutant(path, name, table, reference) for name, table in tables.items()]


def _mutant(path: Path, name: str, table: Any, reference: str) -> Mutant:
    try:
        entry = msgspec.convert(table, _Entry)
    except msgspec.ValidationError as error:
        raise AssignmentError(f"{path}: mutant {name!r}: {error}. docs/authoring.md shows a mutant.") from error
    for key in ("misconception", "hint", "caught_by"):
        if not getattr(entry, key):
            raise AssignmentError(f"{path}: {key} of mutant {name!r} is empty. {_WANTED[key]}")
    source = _edited(path, name, reference, entry.edits)
    edits = tuple((edit.find, edit.replace) for edit in entry.edits)
    return Mutant(name, entry.misconception, entry.hint, entry.caught_by, source, edits, path)


def _edited(path: Path, name: str, source: str, edits: tuple[_Edit, ...]) -> str:
    if not edits:
        raise AssignmentError(f"{path}: mutant {name!r} has no edits. Add [[{name}.edits]] with find and replace.")
    for number, edit in enumerate(edits, start=1):
        count = source.count(edit.find)
        if not edit.find or count != 1:
            raise AssignmentError(
                f"{path}: edit {number} of mutant {name!r} must find its text exactly once, and finds it {count} "
                "times. Copy more of the lines around it from the reference."
            )
        source = source.replace(edit.find, edit.replace)
    return source
