"""An exercise that is open to several frameworks, graded for real; the framework itself is made up."""

import functools
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from autograder.assemble import Job
from autograder.assignment import Assignment
from autograder.grading import Pool
from autograder.result import Result, Status
from autograder.sandbox.bubblewrap import find_recipe
from autograder.sandbox.zygote import Recipe
from autograder.submission import Submission

SECRET = b"the secret of a course for tests"


@pytest.fixture
def grade(recipe: Recipe, runtimes: Path, assignment: Assignment) -> Iterator[Callable[[str], Result]]:
    """Grade the source of an answer."""
    find = functools.partial(find_recipe, folder=runtimes)
    with closing(Pool({"torch": recipe}, SECRET, slots=1, find=find)) as pool:

        def grade(source: str) -> Result:
            submission = Submission(student="ada", files={"tiny.py": source.encode()}, digest="0" * 64)
            (result,) = pool.grade_many([Job(assignment, submission, 1)])
            return result

        yield grade


Grade = Callable[[str], Result]


def test_each_answer_runs_where_its_framework_is(grade: Grade) -> None:
    in_jax = grade("import jax\nslope = jax.slope\n")
    assert in_jax.points == 1 and in_jax.valid
    assert in_jax.environment.packages["jax (worker)"] == "0.0.1"
    in_torch = grade("import torch\ndef slope(x): return 2 * torch.tensor(x)\n")
    assert in_torch.points == 1
    assert not any("worker" in name for name in in_torch.environment.packages)


def test_a_known_mistake_is_one_of_the_framework_that_the_answer_is_in(
    grade: Grade, in_jax: Callable[[str], Path]
) -> None:
    in_jax("1.37 * jax.slope(x)")
    (test,) = grade("import jax\ndef slope(x):\n    return 2.74 * x\n").tests
    assert (test.mistake, test.hint) == ("not_the_slope", "What is the slope at 1?")


def test_what_is_installed_for_the_grader_is_not_there(grade: Grade) -> None:
    result = grade("import jax\nimport sklearn\ndef slope(x): return 2 * x\n")
    assert result.tests[0].status is Status.RAISED
    assert "No module named 'sklearn'" in result.tests[0].explanation


def test_a_runtime_that_is_not_installed_costs_no_points_and_says_how_to_install_it(grade: Grade) -> None:
    result = grade("import cntk\ndef slope(x): return 2 * x\n")
    assert (result.points, result.tests) == (None, ())
    assert [task.points for task in result.tasks] == [None]
    assert "`python grade.py runtimes install cntk`" in result.error


def test_an_answer_for_no_runtime_of_the_exercise_is_told_so(grade: Grade) -> None:
    result = grade("import mxnet\ndef slope(x): return 2 * x\n")
    assert result.points == 0
    assert "imports mxnet, and this exercise is to be solved with torch, jax or cntk" in result.error


def test_a_framework_that_asks_for_the_network_is_told_that_there_is_none(grade: Grade) -> None:
    result = grade(
        "import jax\ndef slope(x):\n    import urllib.request\n    urllib.request.urlopen('http://data.invalid/mnist')\n"
    )
    assert result.tests[0].status is Status.RAISED
    assert "There is no network where answers run" in result.tests[0].cause


def test_warnings_by_the_thousand_are_no_fault(grade: Grade) -> None:
    result = grade(
        "import jax, warnings\ndef slope(x):\n    for i in range(20000): warnings.warn(str(i))\n    return 2 * x\n"
    )
    assert result.points == 1


def test_a_framework_that_crashes_costs_its_test_and_no_other_answer(grade: Grade) -> None:
    crashed = grade("import jax, ctypes\ndef slope(x): ctypes.string_at(0)\n")
    assert crashed.tests[0].explanation == "`slope` ended its process (signal 11, SIGSEGV)."
    assert grade("import jax\nslope = jax.slope\n").points == 1
