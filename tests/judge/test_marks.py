"""What an author forgot is said before anything is graded, by file, test and key."""

from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.errors import AssignmentError
from autograder.judge.suite import Suite

Course = Callable[..., Path]
Collect = Callable[[Path], Suite]

RIGHT = """
@pytest.mark.task(1)
@pytest.mark.points(1)
@pytest.mark.hint("Count first.")
@pytest.mark.reveal
def test_claim(student):
    '''A claim.

    What colleagues read.
    '''
"""


def test_marks_become_a_record(tiny_course: Course, suite_of: Collect) -> None:
    (spec,) = suite_of(tiny_course(RIGHT)).tests
    assert (spec.id, spec.title, spec.task, spec.points) == ("test_claim", "A claim.", 1, 1)
    assert (spec.hint, spec.reveal, spec.needs, spec.device) == ("Count first.", True, (), None)


def test_the_title_of_a_parametrised_test_names_its_parameters(tiny_course: Course, suite_of: Collect) -> None:
    suite = RIGHT.replace(
        "def test_claim(student)", "@pytest.mark.parametrize('k', [1, 'two'])\ndef test_claim(student, k)"
    )
    specs = suite_of(tiny_course(suite.replace("A claim.", "Column {k} is right in {other}."))).tests
    assert [spec.title for spec in specs] == ["Column 1 is right in {other}.", "Column two is right in {other}."]
    assert [spec.points for spec in specs] == [0.5, 0.5]


@pytest.mark.parametrize(
    ("written", "instead", "words"),
    [
        ("'''A claim.\n\n    What colleagues read.\n    '''", "pass", "test_claim has no docstring"),
        ("@pytest.mark.task(1)\n", "", "must be marked @pytest.mark.task(n), with n one of [1]"),
        ("task(1)", "task(2)", "must be marked @pytest.mark.task(n), with n one of [1]"),
        ("task(1)", "task()", "must be marked @pytest.mark.task(n)"),
        ("@pytest.mark.points(1)\n", "", "must be marked @pytest.mark.points(n), with n above 0"),
        ("points(1)", "points(0)", "with n above 0"),
        ("points(1)", "points('1')", "with n above 0"),
        ("points(1)", "points(float('nan'))", "points"),
        ("points(1)", "points(2)", "task 1 has 1 points, and its hidden tests add up to 2"),
        ("reveal", "needs('test_clam')", "needs 'test_clam', which is no test before it"),
        ("reveal", "needs('test_claim')", "needs 'test_claim', which is no test before it"),
        ("reveal", "revael", "revael"),
        ("def test_claim(student)", "def helper(student)", "has no tests. Write one there."),
        ("def test_claim(student)", "def test_claim(student", "cannot be collected"),
        ("@pytest.mark.task(1)", "import nothing_of_this_name\n@pytest.mark.task(1)", "nothing_of_this_name"),
        ("@pytest.mark.task(1)", "raise SystemExit\n@pytest.mark.task(1)", "SystemExit"),
    ],
)
def test_a_mistake_is_named(tiny_course: Course, suite_of: Collect, written: str, instead: str, words: str) -> None:
    assert written in RIGHT
    with pytest.raises(AssignmentError) as failed:
        suite_of(tiny_course(RIGHT.replace(written, instead)))
    assert words in str(failed.value)


def test_the_nearest_test_is_offered(tiny_course: Course, suite_of: Collect) -> None:
    second = RIGHT.replace("test_claim", "test_next").replace("reveal", "needs('test_clam')")
    with pytest.raises(AssignmentError, match=r"test_next needs 'test_clam'.*Did you mean 'test_claim'\?"):
        suite_of(tiny_course(RIGHT + second, points=2))


def test_a_task_without_tests_is_named(tiny_course: Course, suite_of: Collect) -> None:
    tail = '[[tasks]]\nnumber = 2\ntitle = "Forgotten"\npoints = 3'
    with pytest.raises(AssignmentError, match="task 2 has 3 points, and its hidden tests add up to 0"):
        suite_of(tiny_course(RIGHT, tail=tail))


@pytest.mark.parametrize("reference", ["1 / 0", "raise SystemExit", "import nothing_of_this_name", "def f(:"])
def test_a_reference_that_cannot_be_imported_is_the_author_s_mistake(
    tiny_course: Course, suite_of: Collect, reference: str
) -> None:
    with pytest.raises(AssignmentError, match=r"reference/tiny/tiny.py: the reference cannot be imported"):
        suite_of(tiny_course(RIGHT, reference))


def test_a_conftest_beside_the_hidden_suite_is_not_run(tiny_course: Course, suite_of: Collect) -> None:
    course = tiny_course(RIGHT)
    (course / "assignments/tiny/hidden/conftest.py").write_text("raise SystemExit")
    assert suite_of(course).tests
