"""What students get of an exercise, and nothing that is hidden from them."""

import ast
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from autograder.assignment import load, load_kit, slugs
from autograder.authoring.release import student_files, write_course
from autograder.course import Course, Person, load_course
from autograder.errors import AssignmentError, GraderError

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("slug", slugs(ROOT))
def test_students_get_exactly_these_files(slug: str) -> None:
    given = {"README.md", "assignment.toml", "conftest.py", "handout.md", "hints.md", "test_public.py"}
    assert student_files(ROOT, slug).keys() == given | {f"{load(ROOT, slug).module}.py", f"{slug}.ipynb"}


def statements(path: Path) -> set[str]:
    """Return the longer statements inside the functions of a module that are not given, each as Python writes it."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    functions = [node for node in functions if not (ast.get_docstring(node) or "").startswith("Given:")]
    inner = [node for function in functions for node in ast.walk(function) if isinstance(node, ast.stmt)]
    plain = [node for node in inner if isinstance(node, (ast.Assign, ast.Return, ast.Assert, ast.Expr))]
    return {text for node in plain if len(text := ast.unparse(node)) > 40 and not text.startswith(("'", '"'))}


@pytest.mark.parametrize("slug", slugs(ROOT))
def test_no_statement_of_a_hidden_test_or_of_the_reference_is_given_to_students(slug: str, tmp_path: Path) -> None:
    assignment = load(ROOT, slug)
    files = student_files(ROOT, slug)
    (tmp_path / "test_public.py").write_bytes(files["test_public.py"])
    hidden = set().union(*map(statements, assignment.hidden.glob("*.py"))) - statements(tmp_path / "test_public.py")
    hidden |= statements(assignment.reference)
    assert len(hidden) > 10
    given = b"".join(files.values()).decode()
    assert [statement for statement in hidden if statement in given] == []


def test_the_course_that_students_see_can_be_read_and_names_nobody(tmp_path: Path) -> None:
    due = datetime(2026, 12, 4, 23, 59, tzinfo=UTC)
    course = Course(
        title="Course",
        people={"ada": Person(student="ada", email="ada@example.org")},
        deadlines={"gpu_move": due},
        extensions={"ada": {"gpu_move": due}},
    )
    written = write_course(ROOT, course, ["gpu_move"], tmp_path)
    assert {path.relative_to(tmp_path).parts[0] for path in written} == {"course.toml", "gpu_move"}
    assert load_course(tmp_path / "course.toml").deadlines == {"gpu_move": due}
    assert "ada" not in (tmp_path / "course.toml").read_text(encoding="utf-8")
    assert load_kit(tmp_path / "gpu_move").title == load(ROOT, "gpu_move").title


def test_a_missing_part_is_named(tiny_course: Callable[..., Path]) -> None:
    with pytest.raises(AssignmentError, match=r"handout\.md cannot be read: No such file or directory\. Students are"):
        student_files(tiny_course("def test_it(): pass"), "tiny")


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(GraderError, match=r"course\.toml cannot be written: .*Name another folder"):
        write_course(ROOT, Course(), [], tmp_path / "file")


def test_what_is_released_can_be_read_by_everybody_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0o077)
    try:
        written = write_course(ROOT, Course(), ["gpu_move"], tmp_path / "public" / "course")
    finally:
        os.umask(before)
    assert {oct(path.stat().st_mode)[-3:] for path in written} == {"644"}
    folders = {path.parent for path in written} | {tmp_path / "public"}
    assert {oct(folder.stat().st_mode)[-3:] for folder in folders} == {"755"}
