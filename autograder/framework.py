"""Which runtimes are wanted: by exercises, and by an answer, whose imports say it. Its files are parsed, never run."""

import ast
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from autograder.assignment import Assignment
from autograder.errors import SubmissionError
from autograder.parsing import parse_source
from autograder.sandbox.home import is_installed
from autograder.sandbox.runtime import NAMES, OWN, find
from autograder.submission import Submission, source_of

__all__ = ["first_runtimes", "runtime_for"]


def first_runtimes(assignments: Collection[Assignment], folder: Path | None) -> list[str]:
    """Return the runtimes that are needed for sure, and installed; the grader's own where there is none.

    Of an exercise that is open to several, each is found when the first submission for it comes; of one that is not
    installed, that submission is told.

    Raises:
        SandboxUnavailable: an assignment names one that does not exist.
    """
    for assignment in assignments:
        for name in assignment.runtimes:
            find(name)
    alone = {assignment.runtime for assignment in assignments if len(assignment.runtimes) == 1}
    return sorted(name for name in alone if is_installed(find(name), folder)) or [OWN]


def runtime_for(runtimes: Sequence[str], submission: Submission, module: str) -> str:
    """Return the one of an exercise's `runtimes` that an answer is for.

    Where there is only one, an answer need not import a framework.

    Raises:
        SubmissionError: it imports none of their frameworks, or one that the exercise is not open to, or two that no
            worker has together; or a file that might have imported one cannot be read.
    """
    if tuple(runtimes) == (OWN,):
        return OWN
    unread: list[SubmissionError] = []
    used = sorted(set(_imports(submission, module, unread)) & set(NAMES))
    if not used and len(runtimes) == 1:
        return runtimes[0]
    if not used and unread:
        raise unread[0]
    table = [find(name) for name in runtimes]
    fitting = [
        runtime.name
        for runtime in table
        if set(used) & set(runtime.frameworks) and set(used) <= {*runtime.frameworks, *runtime.beside}
    ]
    if fitting:
        # An answer in Keras alone is for the runtime of that name, where the exercise is open to it.
        return next((name for name in fitting if name in used), fitting[0])
    raise SubmissionError(_refusal(f"`{module}.py`", used, [runtime.name for runtime in table]))


def _refusal(file: str, used: Sequence[str], names: Sequence[str]) -> str:
    listed = _listing(names, "or")
    if not used:
        return (
            f"{file} imports no framework, and this exercise is to be solved with {listed}. "
            "Import the one that you use, and hand in again."
        )
    strange = [name for name in used if not any(name in (*find(one).frameworks, *find(one).beside) for one in names)]
    if strange:
        return (
            f"{file} imports {_listing(strange, 'and')}, and this exercise is to be solved with {listed}. "
            "Write it with that, and hand in again."
        )
    return (
        f"{file} imports {_listing(used, 'and')}, which are not there together: an answer uses one framework, and only "
        "keras may stand beside its backend, jax or tensorflow. Keep one, and hand in again."
    )


def _listing(words: Sequence[str], joint: str) -> str:
    return f" {joint} ".join([part for part in (", ".join(words[:-1]), words[-1]) if part])


def _imports(submission: Submission, module: str, unread: list[SubmissionError]) -> Iterator[str]:
    """Yield what the module imports, and what the submission's other files do that it imports, by top-level name.

    Why a file cannot be read is added to `unread`: where a framework is found elsewhere, its import will say so.
    """
    todo, seen = [module], set()
    while todo:
        name = todo.pop()
        if name in seen or f"{name}.py" not in submission.files:
            continue
        seen.add(name)
        try:
            found = list(_imported(parse_source(source_of(submission, name), f"`{name}.py`"), name))
        except SubmissionError as error:
            unread.append(error)
            continue
        for one in found:
            files = [file for file in _files(one) if f"{file}.py" in submission.files]
            todo += files
            if not files:
                yield one.partition(".")[0]


def _files(name: str) -> Iterator[str]:
    """Yield the files, without `.py`, that the import of a dotted name runs where they are there."""
    parts = name.split(".")
    for count in range(1, len(parts) + 1):
        path = "/".join(parts[:count])
        yield from (path, f"{path}/__init__")


def _imported(tree: ast.Module, file: str) -> Iterator[str]:
    """Yield the dotted names that a file imports; of `from a import b`, a.b, which may be a file or a value."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            # A relative one begins at the folder of the file, or above it.
            folder = file.split("/")[: -node.level] if node.level else []
            yield from (".".join([*folder, *filter(None, [node.module]), alias.name]) for alias in node.names)
