"""A made-up runtime: the grader's own interpreter and NumPy, and a package that is named like a framework."""

import os
import platform
import sys
from pathlib import Path

import msgspec
import pytest

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
