"""Python source as the judge reads it first: parsed, never run, and refused where parsing would take long.

Each message says what was found and what to do.
"""

import ast
import functools
import itertools
import re
import unicodedata
import warnings

from autograder.errors import SubmissionError

__all__ = ["DEEPEST", "MOST_WORDS", "parse_source", "printable", "refuse_long"]

MOST_WORDS = 250_000
"""Words and signs in one source: parsing takes up to 1 KiB of memory for each."""
MOST_MARKS = 30
"""Combining marks in a row."""
MOST_BRACES = 4 * 10**9
"""Opening braces times characters."""
DEEPEST = 300
"""Levels of the syntax tree: `ast.NodeVisitor` takes two frames of Python's thousand for each."""

_WORD = re.compile(r"\w+|[^\w\s]")


def parse_source(source: str, where: str) -> ast.Module:
    """Return the syntax tree of `source`, whose place `where` names in messages.

    The source is parsed and never compiled: the compiler doubles its work with each nested `finally`.

    Raises:
        SubmissionError: a syntax error (with the line and a caret under it), or too long or too deeply nested to parse.
    """
    refuse_long(source, where)
    too_deep = SubmissionError(
        f"{_capital(where)} is nested too deeply to be read: more than {DEEPEST} levels of brackets, blocks "
        "or operators. Split the deepest expression into several statements, and hand in again."
    )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a student's "\d" is no fault of the grader's
            tree = ast.parse(source)
    except SyntaxError as error:
        raise SubmissionError(_explain(error, where)) from None
    except (RecursionError, MemoryError):
        raise too_deep from None
    except ValueError:
        raise SubmissionError(
            f"{_capital(where)} contains a character that no Python source can hold (NUL, or half of a pair). "
            "Save it again as UTF-8 text, and hand in again."
        ) from None
    level: list[ast.AST] = [tree]
    for _ in range(DEEPEST):
        if not level:
            break
        level = [child for node in level for child in ast.iter_child_nodes(node)]
    if level:
        raise too_deep
    return tree


def refuse_long(source: str, where: str) -> None:
    """Refuse what Python's parser takes long over, before it is asked.

    Raises:
        SubmissionError: it has too many words, too many braces, or too many marks in a row.
    """
    if not source.isascii() and _longest_run_of_marks(source) > MOST_MARKS:
        raise SubmissionError(
            f"{_capital(where)} has more than {MOST_MARKS} combining marks (accents) in a row, which no text needs. "
            "Remove them, and hand in again."
        )
    # In a string with expressions, each of them is looked for from the string's beginning.
    if source.count("{") * len(source) > MOST_BRACES:
        raise SubmissionError(
            f"{_capital(where)} takes too long to be read: it has {source.count('{')} opening braces in {len(source)} "
            "characters. Put data in a file of its own, and hand in again."
        )
    if next(itertools.islice(_WORD.finditer(source), MOST_WORDS, None), None) is not None:
        raise SubmissionError(
            f"{_capital(where)} is too long to be read: more than {MOST_WORDS} words and signs. "
            "Put data in a file of its own, and hand in again."
        )


@functools.lru_cache(2**12)
def _is_mark(character: str) -> bool:
    """Does it end as combining marks and nothing else, when an identifier is normalized?"""
    return all(unicodedata.combining(part) for part in unicodedata.normalize("NFKD", character))


def _longest_run_of_marks(source: str) -> int:
    """Return the most combining marks in a row, which the parser orders by taking each past each (NFKC)."""
    runs = itertools.groupby(source, key=_is_mark)
    return max((sum(1 for _ in run) for is_mark, run in runs if is_mark), default=0)


def _explain(error: SyntaxError, where: str) -> str:
    """Say what Python says of a syntax error: the line, a caret under the place, and what is wrong."""
    line = (error.text or "").rstrip("\n")
    column = max((error.offset or 1) - 1, 0)
    first = max(column - 80, len(line) - len(line.lstrip()) if column < 80 else 0)
    return (
        f"{_capital(where)} is not valid Python, so it cannot be graded: {error.msg} (line {error.lineno or 1}).\n"
        f"    {printable(line[first : first + 100])}\n"
        f"    {' ' * (column - first)}^\n"
        "Correct this line, run it once yourself, and hand in again."
    )


def _capital(where: str) -> str:
    return where[:1].upper() + where[1:]


def printable(text: str) -> str:
    """Return `text` with a space for each character that cannot be shown."""
    return "".join(c if c.isprintable() else " " for c in text)
