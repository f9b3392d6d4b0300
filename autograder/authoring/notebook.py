"""The notebook that students are given of an exercise: its handout, and its stub cut into cells. Pure but for reading.

What a student writes into the cells becomes their module again by `autograder.notebook.module_source`.
"""

import ast
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from autograder.assignment import load
from autograder.errors import AssignmentError

__all__ = ["Piece", "notebook_json", "pieces", "student_notebook"]

_TASK = re.compile(r"NotImplementedError\(.Task (\d+)")
_FENCE = re.compile(r" {0,3}(```|~~~)")


@dataclass(frozen=True)
class Piece:
    """One cell of the notebook."""

    kind: Literal["handout", "imports", "answer"]
    name: str
    """Unlike that of any other piece of the exercise; letters, digits, `-` and `_`."""
    source: str
    tasks: tuple[int, ...] = ()
    """The tasks that an answer is for, as the stub says."""


def pieces(root: Path, slug: str) -> list[Piece]:
    """Return the cells of a notebook: the handout cut at its headings, then the stub cut at its definitions.

    Raises:
        AssignmentError: the handout or the stub cannot be read, or the stub is not valid Python.
    """
    assignment = load(root, slug)
    handout = _text(assignment.folder / "handout.md")
    stub = root / "student_template" / slug / f"{assignment.module}.py"
    sections = [Piece("handout", f"handout-{number}", text) for number, text in enumerate(_sections(handout), start=1)]
    try:
        return [*sections, *_answers(_text(stub))]
    except SyntaxError as error:
        raise AssignmentError(f"{stub}, line {error.lineno}: {error.msg}. A stub must be valid Python.") from error


def student_notebook(root: Path, slug: str) -> bytes:
    """Return the notebook (nbformat 4.5) that students are given; the same exercise gives the same bytes.

    Raises:
        AssignmentError: see `pieces`.
    """
    return notebook_json([(piece, {}) for piece in pieces(root, slug)])


def notebook_json(cells: Sequence[tuple[Piece, dict[str, Any]]]) -> bytes:
    """Return a notebook of these cells, each with its metadata; a piece's name becomes the id of its cell."""
    written = []
    for piece, metadata in cells:
        cell: dict[str, Any] = {
            "cell_type": "markdown" if piece.kind == "handout" else "code",
            "id": piece.name[:64],
            "metadata": metadata,
            "source": piece.source.splitlines(keepends=True),
        }
        if cell["cell_type"] == "code":
            cell |= {"execution_count": None, "outputs": []}
        written.append(cell)
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    notebook = {"cells": written, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True).encode() + b"\n"


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise AssignmentError(f"{path} cannot be read: {why}. Students are given it; write it there.") from error


def _sections(markdown: str) -> Iterator[str]:
    """Cut a text before each heading of the first two levels, but not inside fenced code."""
    section: list[str] = []
    fence = ""
    for line in markdown.splitlines():
        mark = _FENCE.match(line)
        if mark and (not fence or mark[1] == fence):
            fence = "" if fence else mark[1]
        if not fence and line.startswith(("# ", "## ")) and section:
            yield "\n".join(section).strip()
            section = []
        section.append(line)
    yield "\n".join(section).strip()


def _is_given(node: ast.AsyncFunctionDef | ast.FunctionDef | ast.ClassDef) -> bool:
    """Is it complete as students get it? Its docstring says so, and begins with `Given:`."""
    return (ast.get_docstring(node) or "").startswith("Given:")


def _answers(source: str) -> Iterator[Piece]:
    """Cut a stub: what comes before its first function or class, without the docstring, then one cell for each.

    What is given stays with what comes before the next answer, in a cell that is not to be answered.
    """
    lines = source.splitlines()
    tree = ast.parse(source)
    body = tree.body[1:] if ast.get_docstring(tree) is not None else tree.body
    begin = (tree.body[0].end_lineno or 0) if body is not tree.body else 0
    kept: list[str] = []
    for node in body:
        end = node.end_lineno or node.lineno
        text = "\n".join(lines[begin:end]).strip()
        begin = end
        kept.append(text)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) and not _is_given(node):
            *before, answer = kept
            if before:
                yield Piece("imports", f"imports-{node.name}", "\n".join(before))
            yield Piece("answer", f"answer-{node.name}", answer, tuple(map(int, _TASK.findall(answer))))
            kept = []
    if kept:
        yield Piece("imports", "imports-last", "\n".join(kept))
