"""A course of the real nbgrader in a temporary folder: its exchange, its students, and what they write."""

import ast
import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
SLUG = "parameter_norm"
MODULE = "parameter_norm"

_CONFIG = """\
# What the course had already.
c = get_config()
c.CourseDirectory.course_id = "deep-learning"
c.Exchange.root = {exchange!r}
c.Exchange.timezone = "UTC"
c.ExchangeCollect.check_owner = False  # one user plays all students
"""


@dataclass(frozen=True)
class NbgraderCourse:
    """The folder of a course, and everything that nbgrader would otherwise look for in somebody's home."""

    home: Path

    @property
    def folder(self) -> Path:
        return self.home / "course"

    @property
    def state(self) -> Path:
        return self.home / "state"

    @property
    def database(self) -> str:
        return f"sqlite:///{self.folder / 'gradebook.db'}"

    def environment(self) -> dict[str, str]:
        jupyter = {f"JUPYTER_{kind}_DIR": str(self.home / "jupyter" / kind) for kind in ("CONFIG", "DATA", "RUNTIME")}
        search = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"  # nbgrader calls `alembic` by name
        return {**os.environ, **jupyter, "HOME": str(self.home), "JUPYTER_PLATFORM_DIRS": "1", "PATH": search}

    def nbgrader(self, *commands: str, status: int = 0) -> str:
        """Run commands of nbgrader in the course's folder, and return what they said."""
        return self.run([(self.folder, command) for command in commands], status)

    def run(self, commands: Sequence[tuple[Path, str]], status: int = 0) -> str:
        """Run commands of nbgrader, each in a folder, in one process that ends at the first that fails."""
        done = subprocess.run(
            [sys.executable, str(Path(__file__).with_name("driver.py"))],
            input=json.dumps([(str(folder), command.split()) for folder, command in commands]),
            env=self.environment(),
            capture_output=True,
            text=True,
            timeout=240,
        )
        assert done.returncode == status, done.stderr
        return done.stderr + done.stdout

    def grade_py(self, *arguments: object) -> subprocess.CompletedProcess[str]:
        """Run `grade.py` on the exercises of this project."""
        return subprocess.run(
            [sys.executable, str(ROOT / "grade.py"), *map(str, arguments), "--state", str(self.state)],
            env={**self.environment(), "COLUMNS": "200"},
            capture_output=True,
            text=True,
            timeout=240,
        )

    def hand_in(self, student: str, notebook: dict[str, Any] | bytes, time: str = "2026-11-20 12:00:00 UTC") -> Path:
        """Put a notebook where `nbgrader collect` puts it."""
        folder = self.folder / "submitted" / student / SLUG
        folder.mkdir(parents=True, exist_ok=True)
        data = notebook if isinstance(notebook, bytes) else json.dumps(notebook).encode()
        path = folder / f"{SLUG}.ipynb"
        path.write_bytes(data)
        (folder / "timestamp.txt").write_text(time)
        return path

    def released(self) -> dict[str, Any]:
        """Return the notebook as students get it."""
        return json.loads((self.folder / "release" / SLUG / f"{SLUG}.ipynb").read_text(encoding="utf-8"))

    def answered(self, source: str) -> dict[str, Any]:
        """Return the released notebook with a module's answers in its cells, and the rest of it in a new cell."""
        tree = ast.parse(source)
        answers = {node.name: node for node in tree.body if isinstance(node, (ast.FunctionDef, ast.ClassDef))}
        notebook, used, first = self.released(), [], None
        for place, cell in enumerate(notebook["cells"]):
            known = cell["metadata"].get("nbgrader", {})
            if known.get("solution"):
                first = place if first is None else first
                node = answers.get(known["grade_id"].removeprefix("answer-"))
                if node is not None:
                    used.append(node)
                    cell["source"] = ast.get_source_segment(source, node)
        rest = "\n\n".join(ast.get_source_segment(source, node) or "" for node in tree.body if node not in used)
        added = {"cell_type": "code", "execution_count": 1, "metadata": {}, "outputs": [], "source": rest}
        notebook["cells"].insert(first, added)
        return notebook

    def autograded(self, student: str) -> dict[str, Any]:
        """Return a student's notebook as nbgrader keeps it once it is graded."""
        path = self.folder / "autograded" / student / SLUG / f"{SLUG}.ipynb"
        return json.loads(path.read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def empty_course(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], NbgraderCourse]:
    """Make a course that has its configuration, and no assignment."""

    def make() -> NbgraderCourse:
        course = NbgraderCourse(tmp_path_factory.mktemp("nbgrader"))
        exchange = course.home / "exchange"
        exchange.mkdir()
        exchange.chmod(0o777)
        course.folder.mkdir()
        (course.folder / "nbgrader_config.py").write_text(_CONFIG.format(exchange=str(exchange)))
        return course

    return make


@pytest.fixture(scope="session")
def new_course(empty_course: Callable[[], NbgraderCourse]) -> Callable[[], NbgraderCourse]:
    """Make a course whose assignment nbgrader generated from the source notebook, to be graded in the sandbox."""

    def make() -> NbgraderCourse:
        course = empty_course()
        for done in (
            course.grade_py("release", SLUG, "--nbgrader", course.folder),
            course.grade_py("nbgrader", "init", "--dir", course.folder),
        ):
            assert done.returncode == 0, done.stderr
        course.nbgrader(f"generate_assignment {SLUG}")
        return course

    return make


@pytest.fixture(scope="session")
def right() -> str:
    """A right answer: the reference."""
    return (ROOT / "reference" / SLUG / f"{MODULE}.py").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def class_folder() -> Path:
    """The made-up class, whose folders hold answers as files."""
    return ROOT / "examples/class" / SLUG
