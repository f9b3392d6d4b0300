"""A folder in which the helper is a link to the course's reference."""

from pathlib import Path

REFERENCE = Path("tests/golden/course/reference/basics/basics.py").absolute()


def build(where, right):
    where.mkdir(parents=True)
    (where / "basics.py").write_text("from right import *\n")
    (where / "right.py").symlink_to(REFERENCE)
