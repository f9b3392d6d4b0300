"""The only reader of notebooks: an .ipynb file becomes the source of a module, and nothing of it is executed.

**Which cells.** Every code cell, top to bottom, because imports and helper cells matter as much as the answer. Left
out are nbgrader's locked test cells (`grade` and `locked` in their metadata: the tests are the judge's own) and cells
tagged `skip-grading` or `scratch`. Outputs, attachments, widgets and all other metadata are dropped unread.

**What becomes of them.** Cell N (counted over the code cells) begins with `# --- cell N ---`. Lines for Jupyter and
the shell (`%matplotlib inline`, `!pip install x`, `torch.add?`) become `pass` and a comment, so that line numbers stay
and a block stays a block; of `%time f(x)` and of `%%time` cells the Python is kept. What Jupyter provides without an
import (`display`, `get_ipython`) gets a stand-in. Statements at the top level run when the module is imported, as they
do in Jupyter.

The notebook is read with `json`, not with nbformat. nbformat refuses what real tools write (cells without metadata, old
cells without outputs), turns repeated and missing cell ids into warnings, which are errors under pytest, and logs the
content of what it finds invalid. Here nothing but the code cells is looked at.
"""

import ast
import json
import re
from typing import Any

from autograder.errors import SubmissionError
from autograder.parsing import parse_source, printable, refuse_long

__all__ = ["TASK_CELL", "module_source", "written_files"]

_SKIPPING_TAGS = {"skip-grading", "scratch"}
TASK_CELL = "task-"
"""How the `grade_id` of the test cells begins that our own notebooks for nbgrader have, one for each task."""

_EXPECTED = "a test cell of our own"
_CELL_MAGICS_OVER_PYTHON = {"%%time", "%%capture", "%%prun"}
_NOTHING = (
    'type("Jupyter", (), {"__getattr__": lambda self, name: self, "__call__": lambda self, *args, **kwargs: self})()'
)
"""Whatever it is asked, it does nothing."""
_IPYTHON = f"""\
import sys, types
IPython, IPython.display = types.ModuleType("IPython"), types.ModuleType("IPython.display")
IPython.__getattr__ = IPython.display.__getattr__ = lambda name, nothing={_NOTHING}: nothing
sys.modules.update({{"IPython": IPython, "IPython.display": IPython.display}})
del sys, types, IPython"""
_STAND_INS = {
    r"\bIPython\b": _IPYTHON,
    r"\bdisplay\(": "display = print",
    r"\bget_ipython\(": f"get_ipython = {_NOTHING}",
}
"""What a notebook mentions, and the lines that it then begins with."""

_WRITE_FILE = re.compile(r"\s*%%(?:writefile|file)\s+(?P<append>-a\s+|--append\s+)?(?P<name>[A-Za-z_]\w*\.\w+)\s*")
_MAGIC_LINE = re.compile(
    r"""(?P<before>\s*+(?:[\w.,\s\[\]*]+=\s*)?)(?:%time\s+(?P<python>\S.*)|[%!].*)  # %magic, !command, x = !command
      | \s*\?{1,2}[\w.*%]+\s*            # ?name
      | \s*[\w.*%]+\?{1,2}\s*            # name?
      | \s*(?:pip3?|conda)\s+install\s.*  # Jupyter runs this line without its percent sign
    """,
    re.VERBOSE,
)
_LEXEME = re.compile(r"""\"{3}|'{3}|"(?:\\.|[^"\\])*"?|'(?:\\.|[^'\\])*'?|\#.*|[\[({})\]]""")
_REST_OF_STRING = {quote: re.compile(rf"(?:[^\\]|\\.)*?{quote}") for quote in ('"""', "'''")}


def module_source(data: bytes, name: str) -> tuple[str, tuple[str, ...]]:
    """Return the Python source that a notebook holds, and notes on what was left out of it.

    Args:
        data: the bytes of the .ipynb file, any nbformat from 2 on. The caller bounds their number.
        name: what to call the notebook in messages.

    Raises:
        SubmissionError: it is not a notebook, has no code, or a cell is not valid Python; the message names the cell.
    """
    cells = _code_cells(data, name)
    texts = [_text_of(cell, name) for cell in cells]
    raw = "".join(f"# --- cell {number} ---\n{text}\n" for number, text in enumerate(texts, 1))
    refuse_long(raw, f"`{name}`")
    left_out: dict[str, list[str]] = {}
    kept, magics, futures = [], [], []
    for number, (cell, text) in enumerate(zip(cells, texts, strict=True), 1):
        if reason := _why_left_out(cell.get("metadata")):
            if reason != _EXPECTED:
                left_out.setdefault(reason, []).append(str(number))
            continue
        python, found, future_imports = _python_of(text, f"code cell {number} of `{name}`")
        magics += [f"`{printable(line[:50])}` (cell {number})" for line in found]
        futures += future_imports
        kept.append((number, python))
    if not any(python.strip() for _, python in kept):
        raise SubmissionError(
            f"`{name}` has no code to grade: its code cells are missing, empty or left out. "
            "Write your answer in code cells, save the notebook, and hand it in again."
        )
    stand_ins = [lines for mentioned, lines in _STAND_INS.items() if re.search(mentioned, raw)]
    # A coding comment in a cell means nothing to Jupyter; this one, being first, makes it mean nothing to Python.
    head = ["# -*- coding: utf-8 -*-", *dict.fromkeys(futures), *stand_ins]
    source = "\n".join([*head, *(f"# --- cell {number} ---\n{python}" for number, python in kept)]) + "\n"
    return source, (*_notes_on_cells(left_out, name), *_notes_on_magics(magics, name))


def written_files(data: bytes, name: str) -> dict[str, bytes]:
    """Return the files that `%%writefile` cells of a notebook write beside it, as they stand after the last cell.

    Only plain names count, without a folder. Arguments and errors are those of `module_source`.
    """
    files: dict[str, str] = {}
    for cell in _code_cells(data, name):
        first, _, text = _text_of(cell, name).lstrip().partition("\n")
        match = _WRITE_FILE.fullmatch(first)
        if match is not None and not _why_left_out(cell.get("metadata")):
            before = files.get(match["name"], "") if match["append"] else ""
            files[match["name"]] = f"{before}{text}\n"
    return {path: text.encode("utf-8", "replace") for path, text in files.items()}


def _code_cells(data: bytes, name: str) -> list[dict[str, Any]]:
    """Return the code cells of a notebook as they stand in its JSON."""
    not_a_notebook = SubmissionError(
        f"`{name}` is not a notebook: it does not hold the JSON that Jupyter writes. "
        "Open it in Jupyter, save it as .ipynb, and hand it in again."
    )
    try:
        notebook = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise not_a_notebook from None
    if not isinstance(notebook, dict):
        raise not_a_notebook
    sheets = [notebook] if "cells" in notebook else notebook.get("worksheets")  # worksheets: nbformat 2 and 3
    if not isinstance(sheets, list) or not all(isinstance(sheet, dict) for sheet in sheets):
        raise not_a_notebook
    lists = [sheet.get("cells") for sheet in sheets]
    if not lists or not all(isinstance(cells, list) for cells in lists):
        raise not_a_notebook
    cells = [cell for cells in lists if isinstance(cells, list) for cell in cells]
    if not all(isinstance(cell, dict) for cell in cells):
        raise not_a_notebook
    return [cell for cell in cells if cell.get("cell_type") == "code"]


def _text_of(cell: dict[str, Any], name: str) -> str:
    """Return the text of a cell, which tools write as one string or as a list of lines."""
    source = cell.get("source", cell.get("input")) or ""  # input: nbformat 2 and 3
    lines = source if isinstance(source, list) else [source]
    if not all(isinstance(line, str) for line in lines):
        raise SubmissionError(
            f"`{name}` is damaged: a code cell holds something that is not text. "
            "Open it in Jupyter, save it, and hand it in again."
        )
    return "".join(lines).replace("\r\n", "\n").replace("\r", "\n")


def _why_left_out(metadata: object) -> str:
    if not isinstance(metadata, dict):
        return ""
    nbgrader, tags = metadata.get("nbgrader"), metadata.get("tags")
    if isinstance(nbgrader, dict) and nbgrader.get("grade") is True and nbgrader.get("locked") is True:
        ours = str(nbgrader.get("grade_id")).startswith(TASK_CELL)
        return _EXPECTED if ours else "locked test, and the grader runs its own"
    for tag in tags if isinstance(tags, list) else []:
        if isinstance(tag, str) and tag in _SKIPPING_TAGS:
            return f"tagged `{tag}`"
    return ""


def _python_of(cell: str, where: str) -> tuple[str, list[str], list[str]]:
    """Return a cell as Python, the magic lines taken out of it, and its `from __future__` imports."""
    found: list[str] = []
    try:
        tree = parse_source(cell, where)
    except SubmissionError:
        # No line for Jupyter is valid Python, so a cell that parses has none and is left as it is.
        cell, found = _without_magics(cell)
        tree = parse_source(cell, where)
    cell, futures = _without_future_imports(cell, tree)
    return cell, found, futures


def _without_magics(cell: str) -> tuple[str, list[str]]:
    """Replace the lines of a cell that are for Jupyter or the shell; return the cell and those lines."""
    lines = cell.split("\n")
    first = next((line for line in lines if line.strip()), "")
    indent = first[: len(first) - len(first.lstrip())]
    lines = [line.removeprefix(indent) for line in lines]  # as Jupyter does with a cell that is indented as a whole
    words = first.split()
    if _WRITE_FILE.fullmatch(first):
        return "\n".join(f"# {line}" for line in lines), []
    if words and words[0].startswith("%%") and words[0] not in _CELL_MAGICS_OVER_PYTHON:
        return "\n".join(f"# {line}" for line in lines), [words[0]]
    found: list[str] = []
    scanner, command_goes_on = _Scanner(), False
    for index, line in enumerate(lines):
        if command_goes_on:
            lines[index] = f"# {line}"
            command_goes_on = line.endswith("\\")
            continue
        if not scanner.inside_statement and (magic := _MAGIC_LINE.fullmatch(line)):
            found.append(line.strip())
            lines[index] = _kept_of(magic, line)
            command_goes_on = line.endswith("\\") and not magic["python"]
        scanner.feed(lines[index])
    return "\n".join(lines), found


def _kept_of(magic: re.Match[str], line: str) -> str:
    if magic["python"]:
        return f"{magic['before']}{magic['python']}"
    text = line.lstrip()
    return f"{line[: len(line) - len(text)]}pass  # {text}"


class _Scanner:
    """Knows, line by line, whether the next line begins a statement or stands inside one.

    Python's own tokenizer cannot tell: it stops at the first `!` or `?` or lone quote of a shell command.
    """

    def __init__(self) -> None:
        self._quote = ""
        self._brackets = 0
        self._continued = False

    @property
    def inside_statement(self) -> bool:
        return bool(self._quote or self._brackets or self._continued)

    def feed(self, line: str) -> None:
        position, lexeme = 0, ""
        while True:
            if self._quote:
                end = _REST_OF_STRING[self._quote].match(line, position)
                if end is None:
                    return
                self._quote, position = "", end.end()
            match = _LEXEME.search(line, position)
            if match is None:
                break
            position, lexeme = match.end(), match[0]
            if lexeme in _REST_OF_STRING:
                self._quote = lexeme
            elif lexeme in "([{":
                self._brackets += 1
            elif lexeme in ")]}":
                self._brackets = max(self._brackets - 1, 0)
        self._continued = line.endswith("\\") and not lexeme.startswith("#")


def _without_future_imports(cell: str, tree: ast.Module) -> tuple[str, list[str]]:
    """Take out `from __future__` imports: Jupyter allows them in any cell, Python only before everything else."""
    imports = [node for node in tree.body if isinstance(node, ast.ImportFrom) and node.module == "__future__"]
    lines = cell.encode().split(b"\n")  # the tree counts columns in bytes
    for node in reversed(imports):
        first, last = node.lineno - 1, (node.end_lineno or node.lineno) - 1
        rest = lines[last][node.end_col_offset :]
        lines[first] = lines[first][: node.col_offset] + b"pass" + (rest if first == last else b"")
        for index in range(first + 1, last + 1):
            lines[index] = rest.lstrip(b" ;") if index == last else b""
    return b"\n".join(lines).decode(), [ast.unparse(node) for node in imports]


def _notes_on_cells(left_out: dict[str, list[str]], name: str) -> list[str]:
    return [
        f"Left out of `{name}`: code cell{'s' * (len(cells) > 1)} {', '.join(cells)} ({reason})."
        for reason, cells in left_out.items()
    ]


def _notes_on_magics(magics: list[str], name: str) -> list[str]:
    if not magics:
        return []
    more = f" and {len(magics) - 3} more" if len(magics) > 3 else ""
    return [f"Lines for Jupyter or the shell in `{name}` are not run when graded: {', '.join(magics[:3])}{more}."]
