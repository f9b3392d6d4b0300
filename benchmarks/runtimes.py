"""Measure what grading in each framework costs: `python benchmarks/runtimes.py`, also in `make bench`.

In every runtime that is installed an answer that computes nothing is graded again and again, by a suite of one test and
with one slot: what that takes is the grader's own part. Beside it stands the right answer to `frameworks`, with its own
computing and compiling, and the most memory that one of its workers had in hand: what it shares with the process it was
forked from counts where it was touched. Runtimes are looked for in AUTOGRADER_RUNTIMES.
"""

import argparse
import contextlib
import functools
import os
import re
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from autograder.assemble import Job, Probe  # noqa: E402 (the line above finds it)
from autograder.assignment import Assignment, load  # noqa: E402
from autograder.authoring.parts import answers_of  # noqa: E402
from autograder.grading import Pool  # noqa: E402
from autograder.sandbox.bubblewrap import find_recipe  # noqa: E402
from autograder.sandbox.home import is_installed, runtimes_folder  # noqa: E402
from autograder.sandbox.runtime import NAMES, OWN, find  # noqa: E402
from autograder.submission import Submission  # noqa: E402

SECRET = b"the secret of the measurements in frameworks"
SLUG = "frameworks"
PEAK = re.compile(r"^peak (\d+)$", re.MULTILINE)

NOTHING = """format_version = 1
title = "Nothing"
module = "nothing"
runtimes = [{names}]
[[tasks]]
number = 1
title = "Nothing"
points = 1
[limits]
import_seconds = 60
memory = "2 GiB"
"""
SUITE = """import pytest


@pytest.mark.task(1)
@pytest.mark.points(1)
def test_same(student, draw, compare):
    \"\"\"same gives back what it is given.\"\"\"
    x = draw.normal(4)
    compare.close(student.same(x.numpy()), x)
"""

# Behind an answer: each of its functions says how much memory its process has held.
SAYS_MEMORY = """

def _saying(function):
    import functools, resource

    @functools.wraps(function)
    def call(*args, **kwargs):
        try:
            return function(*args, **kwargs)
        finally:
            print("peak", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)

    return call


globals().update({name: _saying(one) for name, one in list(globals().items()) if type(one) is type(_saying)})
"""


def exercise_of_nothing(root: Path) -> Assignment:
    """Write an exercise whose answer computes nothing, open to every runtime."""
    folder = root / "assignments/nothing"
    (folder / "hidden").mkdir(parents=True)
    (root / "reference/nothing").mkdir(parents=True)
    names = ", ".join(f'"{name}"' for name in NAMES)
    (folder / "assignment.toml").write_text(NOTHING.format(names=names), encoding="utf-8")
    (folder / "hidden/test_same.py").write_text(SUITE, encoding="utf-8")
    (root / "reference/nothing/nothing.py").write_text("def same(x):\n    return x\n", encoding="utf-8")
    return load(root, "nothing")


def submission_of(assignment: Assignment, source: str, number: int) -> Submission:
    files = {f"{assignment.module}.py": f"{source}\n# {number}\n".encode()}
    return Submission(student=f"{number}", files=files, digest=f"{number}")


def seconds(pool: Pool, assignment: Assignment, source: str, count: int) -> list[float]:
    """Return how long each of so many submissions of one source took, one after the other."""
    times = []
    for number in range(count):
        job = Job(assignment, submission_of(assignment, source, number), 1)
        begin = time.perf_counter()
        (result,) = pool.grade_many([job])
        times.append(time.perf_counter() - begin)
        assert result.points == result.max_points, [test.explanation for test in result.tests] or result.error
    return times


def peak(pool: Pool, assignment: Assignment, source: str) -> float:
    """Return how many MiB a worker has held at most while the source was graded."""
    probe = Probe(assignment, submission_of(assignment, source + SAYS_MEMORY, -1), 1)
    (examined,) = pool.examine_many([probe])
    printed = "".join(outcome.output for outcome in examined.outcomes)
    return max(map(int, PEAK.findall(printed))) / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=20, help="answers that compute nothing, in each runtime")
    options = parser.parse_args()
    folder = runtimes_folder(ROOT / ".autograder")
    found = [name for name in NAMES if is_installed(find(name), folder)]
    whole = load(ROOT, SLUG)
    answers = answers_of(whole)
    table = Table("runtime", title=f"one slot, {os.cpu_count()} cores", title_justify="left")
    for column in ("first answer, s", "ours, each further one, ms", f"answer to {SLUG}, s", "its peak, MiB"):
        table.add_column(column, justify="right")
    with tempfile.TemporaryDirectory(prefix="benchmark-") as place:
        nothing = exercise_of_nothing(Path(place))
        for name in found:
            recipe = functools.partial(find_recipe, folder=folder)
            with contextlib.closing(Pool({name: recipe(name)}, SECRET, slots=1, find=recipe)) as pool:
                source = f"import {name}\ndef same(x):\n    return x\n"
                first, *further = seconds(pool, nothing, source, options.count)
                whole_answer: list[str] = []
                if name != OWN:
                    source = answers[name].read_text(encoding="utf-8")
                    whole_answer = [
                        f"{median(seconds(pool, whole, source, 3)):.1f}",
                        f"{peak(pool, whole, source):.0f}",
                    ]
            table.add_row(name, f"{first:.1f}", f"{1000 * median(further):.0f}", *whole_answer)
    console = Console(highlight=False)
    console.print(table)
    missing = [name for name in NAMES if name not in found]
    if missing:
        console.print(f"Not installed in {folder}: {', '.join(missing)}.", markup=False)


if __name__ == "__main__":
    main()
