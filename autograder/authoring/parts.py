"""What an exercise must have before anything of it is graded."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from autograder.assignment import Assignment
from autograder.authoring.mutants import Mutant
from autograder.sandbox.runtime import OWN
from autograder.submission import Submission

__all__ = ["answers_of", "in_place_of", "missing_parts", "right_answers", "stub_of", "variants_of", "within"]

_WANTED = {
    "assignments": {
        "handout.md": "the task, the definitions, the names and shapes",
        "hints.md": "a section `## Task n` for each task",
        "design.md": "what is tested and why, and what is out of scope",
    },
    "student_template": {
        "README.md": "where a student starts",
        "test_public.py": "a few tests that students check their work with",
    },
}
_SECTION = re.compile(r"^## Task (\d+)\b.*\n((?:(?!## ).*\n?)*)", re.MULTILINE)


def stub_of(assignment: Assignment) -> Path:
    """Return where students begin."""
    return assignment.root / "student_template" / assignment.slug / f"{assignment.module}.py"


def variants_of(answer: Path) -> list[Path]:
    """Return the folders of the unusual right answers beside a right one, sorted."""
    return sorted(path for path in answer.parent.glob("variants/*") if path.is_dir())


def answers_of(assignment: Assignment) -> dict[str, Path]:
    """Return the right answer in each runtime that is not the reference's own, by the runtime's name."""
    folder = assignment.reference.parent
    return {name: folder / name / assignment.reference.name for name in assignment.runtimes if name != OWN}


def right_answers(assignment: Assignment) -> dict[str, dict[str, Path]]:
    """Return the right answers but the reference, by their runtime and then by what an audit calls them."""
    named = {OWN: {path.name: path for path in variants_of(assignment.reference)}}
    for runtime, answer in answers_of(assignment).items():
        named[runtime] = {runtime: answer, **{f"{runtime}: {path.name}": path for path in variants_of(answer)}}
    return named


def in_place_of(right: Submission, assignment: Assignment, source: str, name: str) -> Submission:
    """Return a submission like a right one, under another name and with another source of the module."""
    files = {**right.files, f"{assignment.module}.py": source.encode()}
    return msgspec.structs.replace(right, student=name, files=files)


def within(assignment: Assignment, path: Path) -> str:
    """Return a path as it is written from the course's folder."""
    return path.relative_to(assignment.root).as_posix()


def missing_parts(assignment: Assignment, mutants: Sequence[Mutant]) -> list[str]:
    """Return a sentence for each part that is missing, with what to write there."""
    return list(_missing(assignment, mutants))


def _missing(assignment: Assignment, mutants: Sequence[Mutant]) -> Iterator[str]:
    for part, files in _WANTED.items():
        for name, what in files.items():
            path = assignment.root / part / assignment.slug / name
            if not path.is_file():
                yield f"{within(assignment, path)} is missing. Write it: {what}."
    stub = stub_of(assignment)
    if not stub.is_file():
        yield f"{within(assignment, stub)} is missing. Write it: typed signatures that raise NotImplementedError."
    hints = assignment.folder / "hints.md"
    sections = dict(_SECTION.findall(hints.read_text(encoding="utf-8"))) if hints.is_file() else {}
    for task in assignment.tasks if hints.is_file() else ():
        if not sections.get(str(task.number), "").strip():
            name = within(assignment, hints)
            yield f"{name} has no hint for task {task.number}. Write a section `## Task {task.number}`."
    folder = within(assignment, assignment.reference.parent)
    for name, path in answers_of(assignment).items():
        if not path.is_file():
            yield f"{within(assignment, path)} is missing. Write it: the right answer in {name}."
    if not any(right_answers(assignment).values()):
        yield (
            f"{folder}/variants has no variant, so nothing shows that the suite lets other right answers pass. Add one "
            "in a folder of its own, written as the reference is not."
        )
    if not mutants:
        yield (
            f"{folder}/mutants.toml has no mutants, so nothing shows that the suite catches a mistake. Add one for "
            "each hidden test; docs/authoring.md shows how."
        )
