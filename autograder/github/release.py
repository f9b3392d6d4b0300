"""A repository for students: the exercises, and the two workflows that grade pull requests safely.

One workflow packs and may do nothing else; the other grades and runs nothing that a pull request brought.
"""

from collections.abc import Collection
from pathlib import Path

from autograder.authoring.release import student_files, write_files

__all__ = ["repository_files", "write_repository"]

_TEMPLATES = Path(__file__).parent / "templates"
_IGNORED = "__pycache__/\n.pytest_cache/\n.ipynb_checkpoints/\n.venv/\n"
_PLACES = {
    "README.md": "README.md",
    ".github/workflows/submission.yml": "submission.yml",
    ".github/workflows/grade.yml": "grade.yml",
}


def repository_files(root: Path, slugs: Collection[str]) -> dict[str, bytes]:
    """Return a students' repository: relative path to content.

    Raises:
        AssignmentError: something that students are given is missing.
    """
    files = {place: (_TEMPLATES / name).read_bytes() for place, name in _PLACES.items()}
    files[".gitignore"] = _IGNORED.encode()
    for slug in slugs:
        files |= {f"{slug}/{name}": data for name, data in student_files(root, slug).items()}
    return files


def write_repository(root: Path, slugs: Collection[str], folder: Path) -> list[Path]:
    """Write a students' repository and return the paths that were written.

    Raises:
        AssignmentError: something that students are given is missing.
        GraderError: the folder cannot be written.
    """
    return write_files(folder, repository_files(root, slugs))
