"""What `nbgrader autograde` runs in place of its own: `Grade` where a kernel would run the notebook.

Assignments that are none of the course's exercises are left to nbgrader.
"""

from pathlib import Path
from typing import Any, TextIO

from nbconvert.exporters import NotebookExporter
from nbconvert.exporters.exporter import ResourcesDict
from nbformat.notebooknode import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.converters.base import NbGraderException
from nbgrader.preprocessors import Execute, NbGraderPreprocessor, SaveAutoGrades
from traitlets import Bool, Unicode
from traitlets.config import Configurable

import autograder
from autograder.assemble import Conditions, not_judged
from autograder.assignment import Assignment
from autograder.errors import AssignmentError, GraderError, SubmissionError
from autograder.nbgrader.bench import Bench, originals, packed, shared
from autograder.nbgrader.cells import outputs, parsed, restore, task_points
from autograder.notebook import TASK_CELL
from autograder.result import Result
from autograder.submission import Submission

__all__ = ["ForgivingExporter", "Grade", "Restore", "SandboxGrading", "Save", "show"]

_UNGRADED = "autograder_ungraded"
"""Where `Grade` tells `Save`, in the resources of a notebook, which cells have no points."""

Converted = tuple[NotebookNode, ResourcesDict]


class SandboxGrading(Configurable):
    """What knows the course."""

    root = Unicode(
        str(Path(autograder.__file__).parents[1]), help="The folder that holds assignments/ and reference/."
    ).tag(config=True)
    state = Unicode("", help="The course's secret and past results; .autograder/ in root if empty.").tag(config=True)

    checked = Bool(
        False, help="Are the suites known to be sound? Otherwise that is seen before anything is written."
    ).tag(config=True)

    def bench(self) -> Bench:
        """Return what grades in this process."""
        root = Path(self.root)
        return shared(root, Path(self.state) if self.state else root / ".autograder")


class ForgivingExporter(SandboxGrading, NotebookExporter):
    """Reads whatever was handed in for an exercise as a notebook, so that one that is none costs nobody their grade.

    nbgrader makes it before it touches anything, so what would fail for each student alike is said here, once.
    """

    def __init__(self, **kw: Any) -> None:
        """Check that the assignment of the converter that makes this can be graded.

        Raises:
            NbGraderException: it cannot; nbgrader ends in order, and the reason is logged.
        """
        super().__init__(**kw)
        converter: Any = self.parent
        slug, bench = converter.coursedir.assignment_id, self.bench()
        if self.checked or not bench.knows(slug):
            return
        try:
            bench.check(bench.assignment(slug))
        except GraderError as error:
            sentence = f"Nobody was graded and no points were touched: {_in_short(error)}"
            if isinstance(error, AssignmentError):
                command = f"python grade.py run {slug} reference/{slug}"
                sentence += f" It is the course's fault and no student's: {command} shows where."
            converter.log.error("%s", sentence)
            raise NbGraderException(sentence) from error

    def from_file(self, file_stream: TextIO, resources: Any = None, **kw: Any) -> tuple[NotebookNode, Any]:
        """Convert an open notebook; an exercise's file that is no notebook becomes one that says so."""
        if not self.bench().knows(resources["nbgrader"]["assignment"]):
            return super().from_file(file_stream, resources=resources, **kw)
        notebook = parsed(file_stream.buffer.read(), f"{resources['metadata']['name']}.ipynb")
        return self.from_notebook_node(notebook, resources=resources, **kw)


class Restore(SandboxGrading, NbGraderPreprocessor):
    """Makes a submitted notebook sound before nbgrader's own preprocessors see it."""

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> Converted:
        names = resources["nbgrader"]
        if self.bench().knows(names["assignment"]):
            with Gradebook(names["db_url"]) as gradebook:
                restore(nb, originals(gradebook.find_notebook(names["notebook"], names["assignment"])))
        return nb, resources


class Grade(SandboxGrading, Execute):
    """Grades a notebook in the sandbox with the hidden suite, and writes what it found into the test cells."""

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict, *args: Any, **kwargs: Any) -> Converted:
        names, bench = resources["nbgrader"], self.bench()
        if not bench.knows(names["assignment"]):
            return super().preprocess(nb, resources, *args, **kwargs)
        assignment = bench.assignment(names["assignment"])
        archive = packed(nb, names["notebook"], Path(resources["metadata"]["path"]))
        result = _graded(bench, assignment, names["student"], archive)
        resources[_UNGRADED] = show(nb, result)
        return nb, resources


class Save(SaveAutoGrades):
    """Saves the points of test cells, and leaves those to staff that could not be graded: never a 0 for them."""

    def _add_score(self, cell: NotebookNode, resources: ResourcesDict) -> None:
        super()._add_score(cell, resources)
        name = cell.metadata["nbgrader"]["grade_id"]
        if name in resources.get(_UNGRADED, ()):
            grade = self.gradebook.find_grade(name, self.notebook_id, self.assignment_id, self.student_id)
            grade.auto_score = None
            grade.needs_manual_grade = True
            self.gradebook.db.commit()


def show(nb: NotebookNode, result: Result) -> list[str]:
    """Write a result into the test cells of a restored notebook; return the `grade_id` of those without points."""
    ungraded = []
    for cell in nb.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id", "")
        number = name.removeprefix(TASK_CELL)
        if name.startswith(TASK_CELL) and number.isdigit():
            cell.outputs = outputs(result, int(number))
            if task_points(result, int(number)) is None:
                ungraded.append(name)
    return ungraded


def _in_short(error: GraderError) -> str:
    """Return what an error says, without what lies between the beginning and the end of a long report."""
    lines = str(error).splitlines()
    return lines[0] if len(lines) == 1 else f"{lines[0]} {lines[-1].removeprefix('E').strip()}."


def _graded(bench: Bench, assignment: Assignment, student: str, archive: bytes) -> Result:
    """Grade an archive; what cannot be graded has a result too, with no points or 0 by whose fault that is."""
    try:
        submission = bench.receive(assignment, student, archive)
    except SubmissionError as error:
        nothing = Submission(student=student, files={}, digest="")
        return not_judged(assignment, nothing, 1, Conditions(tier="full", secret_id="", started=""), error)
    return bench.grade(assignment, submission)
