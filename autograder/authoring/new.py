"""A new exercise: a small one that is sound already, with comments where an author needs them.

Its author changes it a piece at a time, and an audit says at each step what is missing.
"""

import keyword
import re
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from autograder.errors import UsageError

__all__ = ["scaffold"]

_FILES = {
    "assignments/{slug}/assignment.toml": "assignment.toml",
    "assignments/{slug}/handout.md": "handout.md",
    "assignments/{slug}/hints.md": "hints.md",
    "assignments/{slug}/design.md": "design.md",
    "assignments/{slug}/hidden/test_{slug}.py": "hidden.py",
    "reference/{slug}/{slug}.py": "reference.py",
    "reference/{slug}/mutants.toml": "mutants.toml",
    "reference/{slug}/variants/numpy_by_column/{slug}.py": "variant.py",
    "student_template/{slug}/README.md": "README.md",
    "student_template/{slug}/{slug}.py": "stub.py",
    "student_template/{slug}/test_public.py": "test_public.py",
}
_SLUG = re.compile(r"[a-z][a-z0-9_]*")


def scaffold(root: Path, slug: str, title: str) -> dict[Path, str]:
    """Return the files of a new exercise of the course in `root`, with what stands in them.

    Raises:
        UsageError: the slug cannot be one, or is taken.
    """
    if not _SLUG.fullmatch(slug) or keyword.iskeyword(slug):
        raise UsageError(
            f"{slug!r} cannot name an exercise, since it names a Python module too. Use small letters, digits and _, "
            "with a letter first."
        )
    for folder in ("assignments", "reference", "student_template"):
        if (root / folder / slug).exists():
            raise UsageError(f"{root / folder / slug} is there already. Choose another slug, or remove that folder.")
    if any(not character.isprintable() or character in '"\\' for character in title):
        raise UsageError(f"{title!r} cannot be a title. Leave out quotation marks, backslashes and line breaks.")
    templates = Environment(
        loader=FileSystemLoader(Path(__file__).with_name("scaffold")),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        autoescape=False,  # these are source files, not pages
    )
    return {
        root / path.format(slug=slug): templates.get_template(f"{name}.j2").render(slug=slug, title=title)
        for path, name in _FILES.items()
    }
