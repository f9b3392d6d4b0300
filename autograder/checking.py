"""Runs public tests on one's own answer: the slot and the worker of the real grading, in the best sandbox there is.

On Linux that is bubblewrap's, where it works; anywhere else a fresh Python for each worker, which nothing confines.
"""

import contextlib
import dataclasses
import importlib.util
import sys
from collections.abc import Iterator

import msgspec

from autograder.assemble import Job
from autograder.assignment import Kit
from autograder.errors import RuntimeMissing, SandboxUnavailable
from autograder.framework import runtime_for
from autograder.result import Result
from autograder.sandbox import runtime
from autograder.sandbox.base import Bounds, SandboxRecipe
from autograder.sandbox.portable import PortableRecipe
from autograder.slot import Slot
from autograder.submission import Submission

__all__ = ["Check", "open_check"]

_SECRET = b"public tests hide nothing: whoever runs them draws the same numbers"


class Check:
    """A worker that warms up, and the answer that it is to run."""

    def __init__(self, kit: Kit, submission: Submission, recipe: SandboxRecipe) -> None:
        """Start the worker of `recipe`; nothing is waited for."""
        # What public tests find is worth no points, so that no total can be taken for a grade.
        tasks = tuple(msgspec.structs.replace(task, points=0.0) for task in kit.tasks)
        self._job = Job(dataclasses.replace(kit, tasks=tasks), submission, attempt=1)
        self._slot = Slot({kit.runtime: recipe}, _SECRET)
        self.confined = recipe.tier != "practice"
        """Is the answer kept from the rest of this machine?"""

    def run(self) -> Result:
        """Run the public tests and return how each ended. All points are 0.

        Raises:
            AssignmentError: the public tests themselves are broken.
        """
        return self._slot.grade(self._job)

    def close(self) -> None:
        """End the worker."""
        self._slot.close()


@contextlib.contextmanager
def open_check(kit: Kit, submission: Submission) -> Iterator[Check]:
    """Open the check of an answer in the best sandbox of this machine, and end its worker afterwards.

    Raises:
        SubmissionError: it is for none of the frameworks that the exercise is open to.
        RuntimeMissing: the framework that it uses is not installed here.
    """
    name = runtime_for(kit.runtimes, submission, kit.module)
    kit = dataclasses.replace(kit, runtime=name, runtimes=(name,))
    check = Check(kit, submission, _recipe(kit, submission))
    try:
        yield check
    finally:
        check.close()


def _recipe(kit: Kit, submission: Submission) -> SandboxRecipe:
    modules = runtime.find(kit.runtime).demanded(submission.files)
    # Only Linux has what bubblewrap.py imports.
    with contextlib.suppress(SandboxUnavailable, ImportError, RuntimeError):
        import platformdirs

        from autograder.sandbox.bubblewrap import usable_recipe
        from autograder.sandbox.home import runtimes_folder

        recipe = usable_recipe(kit.runtime, runtimes_folder(platformdirs.user_data_path("autograder", appauthor=False)))
        preload = (*recipe.orders["preload"], *modules)
        return dataclasses.replace(recipe, orders={**recipe.orders, "preload": preload})
    framework = runtime.find(kit.runtime).frameworks[0]
    if importlib.util.find_spec(framework) is None:
        raise RuntimeMissing(
            f"Your file uses {framework}, which is not installed in {sys.prefix}. Install it there, and check again."
        )
    return PortableRecipe(kit.runtime, Bounds.of(kit.limits), modules)
