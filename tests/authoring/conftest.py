"""A complete exercise in few lines, to be broken in one place at a time."""

import itertools
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.assignment import Assignment, load

FILES = {
    "assignments/SLUG/assignment.toml": """
        format_version = 1
        title = "Tiny"
        module = "tiny"

        [[tasks]]
        number = 1
        title = "All"
        points = 2
    """,
    "assignments/SLUG/handout.md": "# Tiny\n",
    "assignments/SLUG/hints.md": "# Hints\n\n## Task 1\n\nLook at both ends.\n",
    "assignments/SLUG/design.md": "# Design\n",
    "assignments/SLUG/hidden/test_SLUG.py": """
        import pytest
        import torch

        pytestmark = [pytest.mark.task(1), pytest.mark.points(1)]


        def test_spread(student, reference, draw, compare):
            '''The spread is right.'''
            x = draw.normal(20)
            compare.close(student.spread(x), reference.spread(x))


        def test_centred(student, reference, draw, compare):
            '''The centred values are right.'''
            x = draw.normal(20)
            compare.close(student.centred(x), reference.centred(x))
    """,
    "reference/SLUG/tiny.py": """
        def spread(x):
            return x.max() - x.min()


        def centred(x):
            return x - x.mean()
    """,
    "reference/SLUG/mutants.toml": """
        [greatest_only]
        misconception = "All values are above zero."
        hint = "Try values below zero."
        caught_by = ["test_spread"]
        [[greatest_only.edits]]
        find = "x.max() - x.min()"
        replace = "x.max()"

        [centred_at_the_least]
        misconception = "The least value becomes zero."
        hint = "What is the mean of what you return?"
        caught_by = ["test_centred"]
        [[centred_at_the_least.edits]]
        find = "x - x.mean()"
        replace = "x - x.min()"
    """,
    "reference/SLUG/variants/sorted/tiny.py": """
        def spread(x):
            x = x.double().sort().values
            return (x[-1] - x[0]).float()


        def centred(x):
            return (x.double() - x.double().mean()).float()
    """,
    "student_template/SLUG/README.md": "# Start here\n",
    "student_template/SLUG/tiny.py": """
        def spread(x):
            raise NotImplementedError("Task 1.1")


        def centred(x):
            raise NotImplementedError("Task 1.2")
    """,
    "student_template/SLUG/test_public.py": "",
}
NUMBERS = itertools.count()


@pytest.fixture
def write_exercise(tmp_path: Path) -> Callable[..., Path]:
    """Write the exercise under a slug, with changes: a part of a file's path, what to find in it, and in its place.

    What is found in the place of `None` takes the file away.
    """

    def write(slug: str, *changes: tuple[str, str, str | None]) -> Path:
        files = {name.replace("SLUG", slug): textwrap.dedent(text) for name, text in FILES.items()}
        for part, find, replace in changes:
            (name,) = [name for name in files if part.replace("SLUG", slug) in name]
            if replace is None:
                del files[name]
                continue
            assert find in files[name], find
            files[name] = files[name].replace(find, replace)
        for name, text in files.items():
            path = tmp_path / "course" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return tmp_path / "course"

    return write


@pytest.fixture
def exercise(write_exercise: Callable[..., Path]) -> Callable[..., Assignment]:
    """Write the exercise under a slug that no slot has seen, with changes, and load it."""

    def make(*changes: tuple[str, str, str | None]) -> Assignment:
        slug = f"audited_{next(NUMBERS)}"
        return load(write_exercise(slug, *changes), slug)

    return make
