"""Has nbgrader's own converter write what was graded: gradebook, autograded notebooks, late penalties."""

import logging
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy
from nbformat.notebooknode import NotebookNode
from nbgrader.api import MissingEntry
from nbgrader.converters import Autograde
from nbgrader.converters.base import NbGraderException
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from autograder.errors import UsageError
from autograder.nbgrader.bench import originals, packed
from autograder.nbgrader.cells import Original, parsed, restore
from autograder.nbgrader.config import CONFIG, configure
from autograder.nbgrader.gradebook import find_alembic, introduce, opened, unusable
from autograder.nbgrader.preprocessors import show
from autograder.result import Result
from autograder.roster import Person

__all__ = ["NbgraderCourse", "Submitted"]


@dataclass(frozen=True)
class Submitted:
    """A notebook in the `submitted` folder of an nbgrader course."""

    student: str
    path: Path
    autograded: Path
    """Where nbgrader puts it when it is graded."""

    def pack(self, archive: Path, known: list[Original]) -> Path:
        """Write the notebook as it is graded into an archive, with the files beside it."""
        archive.write_bytes(packed(self._restored(known), self.path.stem, self.path.parent))
        return archive

    def is_written(self, known: list[Original], result: Result) -> bool:
        """Does the autograded notebook say this result of this very notebook, handed in at the same time?"""
        if not self.autograded.is_file() or _timestamp(self.path) != _timestamp(self.autograded):
            return False
        ours = self._restored(known)
        show(ours, result)
        theirs = parsed(self.autograded.read_bytes(), self.autograded.name)
        return _said(ours) == _said(theirs)

    def _restored(self, known: list[Original]) -> NotebookNode:
        notebook = parsed(self.path.read_bytes(), self.path.name)
        restore(notebook, known)
        return notebook


def _timestamp(notebook: Path) -> bytes:
    """Return when the notebook was handed in, as nbgrader has it beside it."""
    path = notebook.with_name("timestamp.txt")
    return path.read_bytes() if path.is_file() else b""


def _said(notebook: NotebookNode) -> list[tuple[str, Any]]:
    return [(cell.source, cell.get("outputs")) for cell in notebook.cells]


class NbgraderCourse:
    """The folder of an nbgrader course, under its own configuration and ours."""

    def __init__(self, folder: Path, root: Path, state: Path) -> None:
        """Read the configuration in `folder`.

        Raises:
            UsageError: it is no folder, or its configuration does not run.
        """
        find_alembic()
        if not folder.is_dir():
            raise UsageError(f"There is no folder {folder}. Name that of the nbgrader course with --dir.")
        self._folder = folder.resolve()
        self._config = self._read_config()
        configure(self._config, str(root), str(state))
        self._config.SandboxGrading.checked = True  # the store knows the results before anything is converted

    def originals(self, slug: str) -> list[Original]:
        """Return the cells of an assignment's source notebook, as the gradebook has them.

        Raises:
            UsageError: the gradebook does not have the assignment.
            GraderError: the gradebook cannot be used.
        """
        try:
            with opened(self._course_directory(slug).db_url) as gradebook:
                return originals(gradebook.find_notebook(slug, slug))
        except MissingEntry as error:
            raise UsageError(
                f"The gradebook of {self._folder} has no assignment {slug}. Make it first: "
                f"python grade.py release {slug} --nbgrader {self._folder}, then nbgrader generate_assignment {slug}"
            ) from error

    def graded(self, slug: str) -> set[str]:
        """Return the students whose submission the gradebook has.

        Raises:
            GraderError: the gradebook cannot be used.
        """
        with opened(self._course_directory(slug).db_url) as gradebook:
            return {submission.student.id for submission in gradebook.assignment_submissions(slug)}

    def submitted(self, slug: str) -> Iterator[Submitted]:
        """Yield what was handed in for an assignment, by student; a student without its notebook is passed over."""
        directory = self._course_directory(slug)
        pattern = directory.format_path(directory.submitted_directory, "*", slug)
        for folder in sorted(Path("/").glob(pattern.lstrip("/"))):
            student = folder.parent.name
            path = folder / f"{slug}.ipynb"
            if path.is_file():
                out = directory.format_path(directory.autograded_directory, student, slug)
                yield Submitted(student, path, Path(out) / path.name)

    def convert(self, slug: str, student: str) -> str:
        """Have nbgrader autograde one submission, whose result the store knows by now; return what went wrong, if any.

        Raises:
            GraderError: the gradebook cannot be used.
        """
        directory = self._course_directory(slug, student)
        errors = _Errors()
        converter = Autograde(coursedir=directory, config=self._config)
        converter.force = True
        converter.log = errors.logger
        try:
            with warnings.catch_warnings():
                # nbgrader adds rows in an order of which SQLAlchemy warns.
                warnings.simplefilter("ignore", sqlalchemy.exc.SAWarning)
                converter.start()
        except (NbGraderException, SystemExit):
            return errors.last or "nbgrader did not say why"
        except sqlalchemy.exc.SQLAlchemyError as error:
            raise unusable(str(directory.db_url), error) from error
        return ""

    def name_students(self, people: Mapping[str, Person]) -> None:
        """Give the students of the gradebook the names and addresses that the roster has, where they have none.

        Raises:
            GraderError: the gradebook cannot be used.
        """
        with opened(self._course_directory("").db_url) as gradebook:
            for student in gradebook.students:
                if student.id in people:
                    introduce(student, people[student.id])
            gradebook.db.commit()

    def _course_directory(self, slug: str, student: str = "*") -> Any:
        directory = CourseDirectory(config=self._config)
        if "root" not in self._config.CourseDirectory:
            directory.root = str(self._folder)
        directory.assignment_id, directory.student_id = slug, student
        return directory

    def _read_config(self) -> Config:
        if not (self._folder / CONFIG).is_file():
            return Config()
        try:
            return PyFileConfigLoader(CONFIG, path=str(self._folder)).load_config()
        except Exception as error:  # it is a program, and may raise anything
            raise UsageError(f"{self._folder / CONFIG} does not run: {error}. Correct it there.") from error


class _Errors(logging.Handler):
    """Keeps what nbgrader says went wrong, and has it say nothing else."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.last = ""
        self.logger = logging.Logger("nbgrader", logging.ERROR)
        self.logger.addHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        lines = [line for line in record.getMessage().splitlines() if line.strip()]
        if lines and lines[0].startswith("Traceback"):
            self.last = lines[-1]
        elif not self.last:
            self.last = lines[-1] if lines else ""
