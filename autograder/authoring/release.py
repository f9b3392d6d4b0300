"""What students get of an exercise, and nothing that is hidden from them."""

from collections.abc import Collection
from pathlib import Path

from autograder.assignment import load
from autograder.authoring.notebook import student_notebook
from autograder.course import Course, public_text
from autograder.errors import AssignmentError, GraderError
from autograder.files import replace_file

__all__ = ["student_files", "write_course", "write_files"]


def student_files(root: Path, slug: str) -> dict[str, bytes]:
    """Return exactly what students get of an exercise: relative path to content.

    That is everything in `student_template/<slug>/`; the handout, the hints and the settings from
    `assignments/<slug>/`; the conftest.py with which plain pytest runs the public tests; and the stub as a notebook.

    Raises:
        AssignmentError: one of them is missing.
    """
    assignment = load(root, slug)
    template = root / "student_template" / slug
    wanted = {path.relative_to(template).as_posix(): path for path in sorted(template.rglob("*")) if _is_plain(path)}
    wanted |= {name: assignment.folder / name for name in ("handout.md", "hints.md", "assignment.toml")}
    wanted["conftest.py"] = root / "student_template" / "conftest.py"
    for name in (f"{assignment.module}.py", "README.md", "test_public.py"):
        wanted.setdefault(name, template / name)
    try:
        files = {name: path.read_bytes() for name, path in wanted.items()}
    except OSError as error:
        raise AssignmentError(
            f"{error.filename} cannot be read: {error.strerror}. Students are given it; docs/authoring.md says what is "
            "in it."
        ) from error
    files[f"{slug}.ipynb"] = student_notebook(root, slug)
    return dict(sorted(files.items()))


def write_course(root: Path, course: Course, slugs: Collection[str], folder: Path) -> list[Path]:
    """Write the folder that students see of a course: course.toml without the roster, and a folder for each exercise.

    Returns the paths that were written.

    Raises:
        AssignmentError: something that students are given is missing.
        GraderError: the folder cannot be written.
    """
    files = {f"{slug}/{name}": data for slug in slugs for name, data in student_files(root, slug).items()}
    return write_files(folder, {"course.toml": public_text(course).encode(), **files})


def write_files(folder: Path, files: dict[str, bytes]) -> list[Path]:
    """Write files below a folder, each whole, readable by everybody; return their paths.

    Raises:
        GraderError: one cannot be written.
    """
    written = []
    for name, data in files.items():
        path = folder / name
        try:
            _make_folder(path.parent)
            replace_file(path, data)
            path.chmod(0o644)
        except OSError as error:
            raise GraderError(
                f"{path} cannot be written: {error.strerror}. Name another folder, or make room."
            ) from error
        written.append(path)
    return written


def _make_folder(folder: Path) -> None:
    """Make a folder and those above it, for everybody to enter and list, whatever this process's umask is."""
    if not folder.is_dir():
        _make_folder(folder.parent)
        folder.mkdir()
        folder.chmod(0o755)


def _is_plain(path: Path) -> bool:
    """Is it a file that was written by hand, and not by a tool beside it?"""
    return path.is_file() and "__pycache__" not in path.parts and not path.name.startswith(".")
