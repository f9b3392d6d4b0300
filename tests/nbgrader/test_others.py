"""What the sandbox does not settle: assignments that are none of its exercises, and tests that it could not run."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbgrader.api import Gradebook

pytestmark = pytest.mark.door

BROKEN = """
@pytest.mark.task(1)
@pytest.mark.points(1)
def test_one(student):
    \"\"\"One is one.\"\"\"
    raise RuntimeError("the suite itself is broken")
"""


def essay() -> str:
    """Return a source notebook of nbgrader's own, whose test cell asserts."""

    def cell(source: str, **marks: Any) -> Any:
        known = {"schema_version": 3, "grade": False, "locked": False, "solution": False, "task": False, **marks}
        return nbformat.v4.new_code_cell(source, metadata={"nbgrader": known})

    answer = cell("### BEGIN SOLUTION\nanswer = 42\n### END SOLUTION", solution=True, grade_id="answer")
    test = cell("assert answer == 42", grade=True, locked=True, grade_id="test", points=3)
    return str(nbformat.writes(nbformat.v4.new_notebook(cells=[answer, test])))


@pytest.fixture(scope="module")
def graded(empty_course: Callable[[], Any], tmp_path_factory: pytest.TempPathFactory) -> Any:
    """An nbgrader course with one exercise whose suite is broken, and one assignment of nbgrader's own."""
    root = tmp_path_factory.mktemp("exercises")
    files = {
        "assignments/tiny/assignment.toml": 'format_version = 1\ntitle = "Tiny"\nmodule = "tiny"\n'
        '[[tasks]]\nnumber = 1\ntitle = "All"\npoints = 1\n',
        "assignments/tiny/handout.md": "# Tiny\n",
        "assignments/tiny/hidden/test_tiny.py": f"import pytest\n{BROKEN}",
        "reference/tiny/tiny.py": "def one():\n    return 1\n",
        "student_template/tiny/tiny.py": 'def one():\n    raise NotImplementedError("Task 1")\n',
    }
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    course = empty_course()
    for command in (
        ("release", "tiny", "--nbgrader", course.folder),
        ("nbgrader", "init", "--dir", course.folder),
    ):
        done = course.grade_py(*command, "--course", root)
        assert done.returncode == 0, done.stderr
    source = course.folder / "source/essay/essay.ipynb"
    source.parent.mkdir()
    source.write_text(essay(), encoding="utf-8")
    course.nbgrader("generate_assignment tiny", "generate_assignment essay")
    for slug, student, answer in (("tiny", "ada", "one"), ("essay", "ada", "42"), ("essay", "bo", "41")):
        released = json.loads((course.folder / f"release/{slug}/{slug}.ipynb").read_text(encoding="utf-8"))
        (cell,) = [one for one in released["cells"] if one["metadata"].get("nbgrader", {}).get("solution")]
        cell["source"] = f"answer = {answer}" if slug == "essay" else "def one():\n    return 1"
        path = course.folder / f"submitted/{student}/{slug}/{slug}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(released), encoding="utf-8")
    course.nbgrader("autograde tiny", "autograde essay")
    return course, root


def scores(course: Any, slug: str) -> dict[str, tuple[float | None, bool]]:
    with Gradebook(course.database) as gradebook:
        return {
            one.student.id: (one.notebooks[0].grades[0].auto_score, one.needs_manual_grade)
            for one in gradebook.assignment_submissions(slug)
        }


def test_what_the_grader_could_not_judge_needs_a_manual_grade_and_has_no_score(graded: tuple[Any, Path]) -> None:
    course, root = graded
    assert scores(course, "tiny") == {"ada": (None, True)}
    done = course.grade_py("nbgrader", "grade", "tiny", "--dir", course.folder, "--course", root)
    assert done.returncode == 1
    assert "not graded yet" in done.stdout
    assert scores(course, "tiny") == {"ada": (None, True)}


def test_once_the_suite_is_mended_the_score_takes_the_place_of_the_mark(graded: tuple[Any, Path]) -> None:
    course, root = graded
    hidden = root / "assignments/tiny/hidden/test_tiny.py"
    hidden.write_text(hidden.read_text().replace('raise RuntimeError("the suite itself is broken")', "student.one()"))
    done = course.grade_py("nbgrader", "grade", "tiny", "--dir", course.folder, "--course", root)
    assert done.returncode == 0, done.stderr
    assert scores(course, "tiny") == {"ada": (1.0, False)}


def test_an_assignment_that_is_none_of_the_exercises_is_executed_by_nbgrader(graded: tuple[Any, Path]) -> None:
    course, _ = graded
    assert scores(course, "essay") == {"ada": (3.0, False), "bo": (0.0, False)}


@pytest.mark.parametrize(
    ("sound", "broken", "why"),
    [("points(1)", "points(2)", "points"), ("import pytest", "import pytest, nowhere", "No module named 'nowhere'.")],
    ids=["its points do not add up", "it cannot be imported"],
)
def test_a_broken_suite_is_said_once_and_touches_nobodys_grade(
    sound: str, broken: str, why: str, graded: tuple[Any, Path]
) -> None:
    course, root = graded
    hidden = root / "assignments/tiny/hidden/test_tiny.py"
    before, text = scores(course, "tiny"), hidden.read_text()
    hidden.write_text(text.replace(sound, broken))
    try:
        said = course.nbgrader("autograde tiny --force", status=1)
    finally:
        hidden.write_text(text)
    (line,) = [line for line in said.splitlines() if "ERROR" in line]
    assert "Nobody was graded and no points were touched: " in line and why in line
    assert "It is the course's fault and no student's: python grade.py run tiny reference/tiny shows where." in line
    assert "Traceback" not in said
    assert scores(course, "tiny") == before
    assert (course.folder / "autograded/ada/tiny/tiny.ipynb").is_file()
