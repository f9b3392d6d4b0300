"""A made-up runtime: the grader's own interpreter and NumPy, and a package that is named like a framework.

And a made-up exercise that is open to it.
"""

import os
import platform
import sys
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from autograder.assignment import Assignment, load
from autograder.sandbox import packages
from autograder.sandbox.home import RECORD, Installed

FAKE = """
class Array:
    pass

class config:
    jax_enable_x64 = jax_disable_jit = jax_debug_nans = jax_debug_infs = False
    jax_default_matmul_precision = None

def slope(x):
    return 2 * x
"""

TESTS = """
    pytestmark = [pytest.mark.task(1), pytest.mark.points(1)]

    def test_slope(student, draw, compare):
        '''The slope of x squared is right.'''
        x = draw.normal(4).numpy()
        compare.close(student.slope(x), 2 * x)
"""
MUTANTS = """
[not_the_slope]
misconception = "The slope is a little larger."
hint = "What is the slope at 1?"
caught_by = ["test_slope"]
[[not_the_slope.edits]]
find = "return jax.slope(x)"
replace = "return {wrong}"
"""


@pytest.fixture
def assignment(tiny_course: Callable[..., Path]) -> Assignment:
    """An exercise that is open to three frameworks."""
    return load(tiny_course(TESTS, settings='runtimes = ["torch", "jax", "cntk"]'), "tiny")


@pytest.fixture
def in_jax(assignment: Assignment) -> Callable[[str], Path]:
    """Write the right answer in `jax`, with one known mistake: what it returns instead. Return their folder."""

    def write(wrong: str) -> Path:
        folder = assignment.reference.parent / "jax"
        folder.mkdir(exist_ok=True)
        (folder / "tiny.py").write_text("import jax\n\n\ndef slope(x):\n    return jax.slope(x)\n")
        (folder / "mutants.toml").write_text(MUTANTS.format(wrong=wrong))
        return folder

    return write


@pytest.fixture
def runtimes(tmp_path: Path) -> Path:
    """A folder in which `jax` is installed, as far as the grader can see."""
    version = platform.python_version()
    site = tmp_path / "runtimes" / "jax" / "lib" / f"python{version.rpartition('.')[0]}" / "site-packages"
    (site / "jax").mkdir(parents=True)
    (site / "jax" / "__init__.py").write_text(FAKE)
    (site / "jax" / "numpy.py").write_text("from numpy import asarray\n")
    for entry in packages.entries(("numpy",)):
        (site / entry.name).symlink_to(entry)
    record = Installed(
        pins="",
        python=os.path.realpath(sys.executable),
        base=os.path.realpath(sys.base_prefix),
        version=version,
        packages={"jax": "0.0.1"},
        size=3 * 2**20,
    )
    (tmp_path / "runtimes" / "jax" / RECORD).write_bytes(msgspec.json.encode(record))
    # Workers are another user.
    for folder in (tmp_path, *tmp_path.parents[:2]):
        folder.chmod(0o755)
    return tmp_path / "runtimes"
