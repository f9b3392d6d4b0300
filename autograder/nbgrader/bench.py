"""Grades notebooks one by one or many at once, for whatever process nbgrader runs in."""

import atexit
import functools
import os
import tempfile
from pathlib import Path
from typing import Any

from nbformat import writes
from nbformat.notebooknode import NotebookNode

from autograder.assemble import Job
from autograder.assignment import GIVEN, Assignment, load, slugs
from autograder.course import STORE_VARIABLE
from autograder.grading import Pool, confined_pool
from autograder.inbox.drop import archived
from autograder.intake import Intake
from autograder.nbgrader.cells import Original
from autograder.result import Result
from autograder.sandbox.home import runtimes_folder
from autograder.secret import course_secret
from autograder.store import Store
from autograder.submission import Submission

__all__ = ["Bench", "originals", "packed", "shared"]


def originals(notebook: Any) -> list[Original]:
    """Return the cells that nbgrader knows of a notebook: `nbgrader.api.Notebook`, from an open gradebook."""
    points = {cell.name: float(cell.max_score) for cell in notebook.grade_cells}
    solutions = {cell.name for cell in notebook.solution_cells}
    return [
        Original(
            name=cell.name,
            kind=cell.cell_type,
            source=cell.source or "",
            checksum=cell.checksum,
            locked=bool(cell.locked),
            solution=cell.name in solutions,
            points=points.get(cell.name),
        )
        for cell in notebook.source_cells
    ]


def packed(notebook: NotebookNode, name: str, folder: Path) -> bytes:
    """Return a restored notebook as an archive, with the plain files that lie beside it in its folder."""
    files = {f"{name}.ipynb": writes(notebook).encode("utf-8", "replace")}
    for path in sorted(folder.rglob("*")):
        inner = path.relative_to(folder).as_posix()
        passed_over = path.suffix == ".ipynb" or inner in GIVEN or inner == "timestamp.txt"
        if path.is_file() and not path.is_symlink() and not passed_over:
            files[inner] = path.read_bytes()
    return archived(files)


class Bench:
    """The exercises of a course, and what grades submissions to them; everything is started when it is needed."""

    def __init__(self, root: Path, state: Path) -> None:
        """`root` holds `assignments/` and `reference/`, `state` the course's secret and past results."""
        self._root = root
        self._state = state
        self._pool: Pool | None = None
        self._loaded: tuple[str, ...] = ()
        """What the pool was started for."""
        self._folder = tempfile.TemporaryDirectory(prefix="autograder-nbgrader-")
        self._intake = Intake()
        self._store = Store(state, os.environ.get(STORE_VARIABLE) or None)

    def knows(self, slug: str) -> bool:
        """Is this one of the course's exercises?"""
        return slug in slugs(self._root)

    def assignment(self, slug: str) -> Assignment:
        """Return one of the course's exercises."""
        return load(self._root, slug)

    def check(self, assignment: Assignment) -> None:
        """See to it that submissions to an assignment can be graded.

        Raises:
            SandboxUnavailable: this machine cannot confine them.
            AssignmentError: the hidden suite or the reference is broken.
        """
        self._pool_for(assignment).check(assignment)

    def receive(self, assignment: Assignment, student: str, archive: bytes) -> Submission:
        """Return what a student handed in, packed.

        Raises:
            SubmissionError: it cannot be graded.
        """
        path = Path(self._folder.name) / "submission.zip"
        path.write_bytes(archive)
        return self._intake.receive(path, assignment.module, student)

    def grade(self, assignment: Assignment, submission: Submission) -> Result:
        """Return the result of a submission, known or new.

        Raises:
            SandboxUnavailable: this machine cannot confine it.
            AssignmentError: the hidden suite or the reference is broken.
        """
        known = self._store.find(assignment, submission.student, submission.digest, valid=True)
        if known is not None:
            return known
        attempt = self._store.attempt_number(assignment.slug, submission.student, submission.digest)
        result = next(self._pool_for(assignment).grade_many([Job(assignment, submission, attempt)]))
        self._store.record(result)
        return result

    def _pool_for(self, assignment: Assignment) -> Pool:
        """Return a pool for an assignment as it is now: slots keep what they load, and formgrader runs for days."""
        asked = (assignment.slug, assignment.suite_digest, assignment.reference_digest)
        if self._pool is None or self._loaded != asked:
            if self._pool is not None:
                self._pool.close()
            runtimes = runtimes_folder(self._state)
            self._pool = confined_pool([assignment], course_secret(self._state), slots=1, runtimes=runtimes)
            self._loaded = asked
        return self._pool

    def close(self) -> None:
        """End everything that was started."""
        if self._pool is not None:
            self._pool.close()
        self._intake.close()
        self._store.close()
        self._folder.cleanup()


@functools.cache
def shared(root: Path, state: Path) -> Bench:
    """Return the bench of this process, which ends with it: nbgrader makes its preprocessors anew for each notebook."""
    bench = Bench(root, state)
    atexit.register(bench.close)
    return bench
