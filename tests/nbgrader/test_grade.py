"""`grade.py nbgrader grade`: the gradebook is as after `nbgrader autograde`, and loses nothing."""

import contextlib
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from nbgrader.api import Gradebook

from autograder.store import Store

pytestmark = pytest.mark.door

SLUG = "parameter_norm"
CLASS = ("ada", "bo", "chen")
IN_TIME, LATER = "2026-11-20 12:00:00 UTC", "2026-11-22 12:00:00 UTC"
LATE = """
from nbgrader.plugins import BasePlugin
class OneADay(BasePlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return 1.5
c.AssignLatePenalties.plugin_class = OneADay
"""


def saved(course: Any) -> dict[str, tuple[Any, ...]]:
    """Return what the gradebook says of each student."""
    with Gradebook(course.database) as gradebook:
        return {
            one.student.id: (
                one.score,
                one.max_score,
                one.notebooks[0].late_submission_penalty,
                {grade.name: (grade.auto_score, grade.manual_score) for grade in one.notebooks[0].grades},
            )
            for one in gradebook.assignment_submissions(SLUG)
        }


def attempts(course: Any) -> int:
    """Return how many gradings the course remembers."""
    with contextlib.closing(Store(course.state)) as store:
        return sum(1 for _ in store.results([SLUG]))


@pytest.fixture(scope="module")
def course(new_course: Callable[[], Any], class_folder: Any) -> Any:
    """A course that `grade.py nbgrader grade` has graded; bo was late."""
    made = new_course()
    settings = made.folder / "nbgrader_config.py"
    settings.write_text(settings.read_text(encoding="utf-8") + LATE, encoding="utf-8")
    with Gradebook(made.database) as gradebook:
        gradebook.update_or_create_assignment(SLUG, duedate="2026-11-21 12:00:00 UTC")
    for student in CLASS:
        source = (class_folder / student / f"{SLUG}.py").read_text(encoding="utf-8")
        day = 22 if student == "bo" else 20
        made.hand_in(student, made.answered(source), f"2026-11-{day} 12:00:00 UTC")
    done = made.grade_py("nbgrader", "grade", SLUG, "--dir", made.folder)
    assert done.returncode == 0, done.stderr
    assert done.stderr.splitlines()[-1] == "3 submissions written into the gradebook."
    assert "Warning" not in done.stderr
    return made


def test_students_get_the_rosters_names_where_nbgrader_has_none(course: Any, tmp_path: Path) -> None:
    (tmp_path / "roster.csv").write_text(
        "student,first_name,last_name,email\nada,Ada,Ünsal,ada@example.org\nbo,Bo,Nilsson,bo@example.org\n"
        "zoe,Zoe,Zimmer,zoe@example.org\n",
        encoding="utf-8",
    )
    (tmp_path / "course.toml").write_text('format_version = 1\ntitle = "A"\nroster = "roster.csv"\n')
    with Gradebook(course.database) as gradebook:
        gradebook.update_or_create_student("bo", first_name="Robert")
    rules = ("--rules", tmp_path / "course.toml")
    done = course.grade_py("nbgrader", "grade", SLUG, "--dir", course.folder, *rules)
    assert done.returncode == 0, done.stderr
    with Gradebook(course.database) as gradebook:
        names = {one.id: (one.first_name, one.last_name, one.email) for one in gradebook.students}
    assert names == {
        "ada": ("Ada", "Ünsal", "ada@example.org"),
        "bo": ("Robert", None, "bo@example.org"),
        "chen": (None, None, None),
    }


def test_nbgrader_autograde_finds_the_same_grades_and_penalties(course: Any) -> None:
    ours = saved(course)
    course.nbgrader(f"autograde {SLUG} --force")
    assert saved(course) == ours
    assert {student: penalty for student, (_, _, penalty, _) in ours.items()} == {"ada": None, "bo": 1.5, "chen": None}
    assert ours["ada"][:2] == (10, 10)


def test_what_has_not_changed_is_neither_graded_nor_written_again(course: Any) -> None:
    before = attempts(course)
    written = course.folder / "autograded" / "bo" / SLUG / f"{SLUG}.ipynb"
    then = written.stat().st_mtime_ns
    done = course.grade_py("nbgrader", "grade", SLUG, "--dir", course.folder)
    assert (done.returncode, "0 submissions written" in done.stderr) == (0, True)
    assert written.stat().st_mtime_ns == then
    assert attempts(course) == before


def test_manual_grades_and_comments_are_kept(course: Any) -> None:
    with Gradebook(course.database) as gradebook:
        gradebook.find_grade("task-1", SLUG, SLUG, "bo").manual_score = 1.25
        comment = gradebook.find_submission_notebook(SLUG, SLUG, "bo").comments[0]
        comment.manual_comment = "Well reasoned."
        name = comment.name
        gradebook.db.commit()
    done = course.grade_py("nbgrader", "grade", SLUG, "--dir", course.folder, "--regrade")
    assert done.returncode == 0, done.stderr
    with Gradebook(course.database) as gradebook:
        assert gradebook.find_grade("task-1", SLUG, SLUG, "bo").score == 1.25
        assert gradebook.find_comment(name, SLUG, SLUG, "bo").comment == "Well reasoned."


def test_a_locked_gradebook_is_one_sentence_and_loses_nothing(course: Any) -> None:
    before = saved(course)
    holder = sqlite3.connect(course.folder / "gradebook.db", isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    try:
        done = course.grade_py("nbgrader", "grade", SLUG, "--dir", course.folder, "--regrade")
    finally:
        holder.rollback()
        holder.close()
    assert done.returncode == 1
    assert "is locked. Stop what writes to it" in done.stderr
    assert "Traceback" not in done.stderr
    assert saved(course) == before


def test_an_assignment_that_the_gradebook_does_not_have_is_named(course: Any) -> None:
    done = course.grade_py("nbgrader", "grade", "gpu_move", "--dir", course.folder)
    assert done.returncode == 2
    assert "has no assignment gpu_move. Make it first" in done.stderr


def test_practice_marks_never_reach_a_gradebook(course: Any) -> None:
    done = course.grade_py("nbgrader", "grade", SLUG, "--dir", course.folder, "--practice")
    assert (done.returncode, "takes no practice marks" in done.stderr) == (2, True)


def test_a_folder_that_is_not_there_is_named(course: Any) -> None:
    done = course.grade_py("nbgrader", "grade", SLUG, "--dir", course.home / "nowhere")
    assert (done.returncode, "There is no folder" in done.stderr) == (2, True)


def test_the_line_in_the_configuration_is_written_once_and_keeps_the_rest(course: Any) -> None:
    path = course.folder / "nbgrader_config.py"
    before = path.read_text(encoding="utf-8").splitlines()
    done = course.grade_py("nbgrader", "init", "--dir", course.folder)
    assert "is now up to date" in done.stderr
    assert sorted(path.read_text(encoding="utf-8").splitlines()) == sorted(before)


def test_what_is_handed_in_once_more_counts_with_its_new_time_and_is_graded_once(
    course: Any, class_folder: Any
) -> None:
    right, wrong = (
        course.answered((class_folder / student / f"{SLUG}.py").read_text(encoding="utf-8"))
        for student in ("ada", "chen")
    )
    scores_and_penalties = []
    for notebook, time in ((right, IN_TIME), (wrong, IN_TIME), (right, LATER)):
        course.hand_in("again", notebook, time)
        done = course.grade_py("nbgrader", "grade", SLUG, "--dir", course.folder)
        assert "1 submission written" in done.stderr
        scores_and_penalties.append(saved(course)["again"][:3:2])
    assert scores_and_penalties == [(10, None), (0.5, None), (10, 1.5)]
    with contextlib.closing(Store(course.state)) as store:
        assert [one.attempt for one in store.results([SLUG]) if one.submission.student == "again"] == [1, 2]
