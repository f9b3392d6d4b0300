"""Where in a student's file something went wrong, and how GitHub Actions is told of it.

Workflow commands are lines that a job prints; a student's text must never become one.
"""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from autograder.report.text import advice, clipped, meaning, visible
from autograder.result import Result, Status, TestResult

__all__ = ["MOST", "Annotation", "annotations", "asked_of", "command", "payload"]

MOST = 10
"""GitHub shows no more annotations of a kind for one step."""

_TRACE = re.compile(r"^  at (?P<file>[^\n,]+), line (?P<line>\d+), in ", re.MULTILINE)
_SYNTAX = re.compile(r"\(line (\d+)\)")
_NAME = re.compile(r"[A-Za-z_]\w*")
_SETTLED = (Status.PASSED, Status.WAITING)
_TITLE = 100


@dataclass(frozen=True)
class Annotation:
    """A sentence on a line of a file."""

    path: str
    """Relative to the repository."""
    line: int
    level: Literal["error", "warning", "notice"]
    title: str
    message: str


def asked_of(suite: Iterable[str]) -> dict[str, list[str]]:
    """Return which names of a submission each test of a hidden suite uses, from the suite's sources."""
    asked: dict[str, list[str]] = {}
    for source in suite:
        for node in ast.parse(source).body:
            if isinstance(node, ast.FunctionDef):
                found = [part for part in ast.walk(node) if isinstance(part, ast.Attribute)]
                asked[node.name] = [
                    part.attr for part in found if isinstance(part.value, ast.Name) and part.value.id == "student"
                ]
    return asked


def annotations(result: Result, source: str, file: str, asked: Mapping[str, Sequence[str]]) -> list[Annotation]:
    """Return at most ten annotations for one result, those of lines that are known first.

    Args:
        result: what was graded.
        source: the text of the graded module; empty where it is not known.
        file: the module's path in the repository.
        asked: what each hidden test asks of a submission; see `asked_of`.
    """
    if result.error:
        line = _SYNTAX.search(result.error)
        what = result.error.split("\n")[0]
        return [Annotation(file, int(line[1]) if line else 1, "error", "This cannot be graded", visible(what))]
    lines = _definitions(source)
    found = []
    for test in result.tests:
        if test.status not in _SETTLED:
            found.append(_on_test(test, lines, file, asked))
    return sorted(found, key=lambda one: one.line == 1)[:MOST]


def command(annotation: Annotation) -> str:
    """Return the workflow command that makes an annotation, escaped as GitHub's own toolkit does."""
    properties = {"file": annotation.path, "line": str(annotation.line), "title": annotation.title}
    written = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{annotation.level} {written}::{_data(annotation.message)}"


def payload(found: Sequence[Annotation]) -> list[dict[str, object]]:
    """Return annotations as the Checks API takes them."""
    levels = {"error": "failure", "warning": "warning", "notice": "notice"}
    return [
        {
            "path": one.path,
            "start_line": one.line,
            "end_line": one.line,
            "annotation_level": levels[one.level],
            "title": one.title,
            "message": one.message,
        }
        for one in found
    ]


def _on_test(test: TestResult, lines: Mapping[str, int], file: str, asked: Mapping[str, Sequence[str]]) -> Annotation:
    words = [word for text in (test.title, test.explanation) for word in _NAME.findall(text)]
    words = [*asked.get(test.id.partition("[")[0], ()), *words]
    line = next((lines[word] for word in words if word in lines), 1)
    traced = [match for match in _TRACE.finditer(test.explanation) if file.endswith(f"/{match['file']}")]
    if traced:
        line = int(traced[-1]["line"])
    message = "\n".join(part for part in (meaning(test.status), test.explanation, *advice(test)) if part)
    level: Literal["error", "warning"] = "warning" if test.status is Status.UNGRADED else "error"
    return Annotation(file, line, level, clipped(test.title, _TITLE), visible(message))


def _definitions(source: str) -> dict[str, int]:
    """Return the line of each function and class of a module, methods among them."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return {}
    return dict(_defined(tree.body))


def _defined(body: Sequence[ast.stmt]) -> Iterator[tuple[str, int]]:
    for node in body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield node.name, node.lineno
            if isinstance(node, ast.ClassDef):
                yield from _defined(node.body)


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
