"""The line in `nbgrader_config.py` by which nbgrader grades a course's exercises in the sandbox."""

from pathlib import Path
from typing import Any

import autograder
from autograder.errors import GraderError
from autograder.files import replace_file

__all__ = ["CONFIG", "configure", "install"]

CONFIG = "nbgrader_config.py"
_MARK = "autograder.nbgrader.config"
_HERE = "autograder.nbgrader.preprocessors"
_SANITIZE = ("ClearOutput", "DeduplicateIds", "OverwriteKernelspec", "OverwriteCells", "CheckCellMetadata")


def configure(c: Any, root: str | None = None, state: str | None = None) -> None:
    """Put our preprocessors where nbgrader would run a notebook.

    Args:
        c: nbgrader's configuration, what `get_config()` gives.
        root: the folder that holds `assignments/` and `reference/`; where this package lies, if None.
        state: the folder of the course's secret and past results; `.autograder/` in `root`, if None.
    """
    stock = "nbgrader.preprocessors"
    c.Autograde.exporter_class = f"{_HERE}.ForgivingExporter"
    c.Autograde.sanitize_preprocessors = [f"{_HERE}.Restore", *(f"{stock}.{name}" for name in _SANITIZE)]
    c.Autograde.autograde_preprocessors = [
        f"{_HERE}.Grade",
        f"{stock}.IgnorePattern",
        f"{stock}.LimitOutput",
        f"{_HERE}.Save",
        f"{stock}.AssignLatePenalties",
        f"{stock}.CheckCellMetadata",
    ]
    if root is not None:
        c.SandboxGrading.root = root
    if state is not None:
        c.SandboxGrading.state = state


def install(folder: Path, root: Path, state: Path) -> tuple[Path, bool]:
    """Write the line into the configuration of an nbgrader course; return the file, and whether the line was new.

    What stands there already is kept.

    Raises:
        GraderError: it cannot be read or written.
    """
    path = folder / CONFIG
    package = str(Path(autograder.__file__).parents[1])
    line = (
        f"import sys; sys.path.insert(0, {package!r}); from {_MARK} import configure; "
        f"configure(get_config(), {str(root)!r}, {str(state)!r})"
    )
    try:
        before = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        kept = [one for one in before if _MARK not in one]
        lines = kept or ["# Settings of nbgrader for this course."]
        replace_file(path, ("\n".join([*lines, line]) + "\n").encode())
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise GraderError(f"{path} cannot be written: {why}. Name the folder of the nbgrader course.") from error
    return path, len(kept) == len(before)
