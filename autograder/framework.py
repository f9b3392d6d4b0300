"""Which runtimes are wanted: by exercises, and by an answer, whose imports say it. Its files are parsed, never run."""

import ast
import contextlib
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
            worker has together.
    """
    if tuple(runtimes) == (OWN,):
        return OWN
    used = sorted(set(_imports(submission, module)) & set(NAMES))
    if not used and len(runtimes) == 1:
        return runtimes[0]
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


def _imports(submission: Submission, module: str) -> Iterator[str]:
    """Yield what the module imports, and what the submission's other files do that it imports, by top-level name."""
    todo, seen = [module], set()
    while todo:
        name = todo.pop()
        if name in seen or f"{name}.py" not in submission.files:
            continue
        seen.add(name)
        # Of a helper that cannot be read its import will say so.
        with contextlib.suppress(SubmissionError):
            found = list(_imported(parse_source(source_of(submission, name), f"`{name}.py`")))
            todo += found
            yield from (one for one in found if f"{one}.py" not in submission.files)


def _imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            # A relative one is of a file beside this one.
            yield node.module.partition(".")[0]
        elif isinstance(node, ast.ImportFrom):
            yield from (alias.name for alias in node.names)
