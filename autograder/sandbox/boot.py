"""How a process finds the worker's code: in its own folder, under a name that no student's module has."""

from pathlib import Path

import autograder.worker

__all__ = ["WORKER_FOLDER", "boot"]

WORKER_FOLDER = Path(autograder.worker.__file__).parent

_LOAD = """
import importlib.util, sys
spec = importlib.util.spec_from_file_location(
    "_autograder_worker", sys.argv[1] + "/__init__.py", submodule_search_locations=[sys.argv[1]])
package = importlib.util.module_from_spec(spec)
sys.modules[spec.name] = package
spec.loader.exec_module(package)
"""


def boot(start: str) -> str:
    """Return a program whose first argument is the worker's folder, and which runs `start` with it imported."""
    return f"{_LOAD}{start}\n"
