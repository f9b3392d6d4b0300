"""CSV that spreadsheets show and never execute: the plain table, and the bytes of every other CSV file.

A cell of text that a spreadsheet would take for a formula begins with an apostrophe (OWASP, "CSV injection"). Numbers
stay numbers. Files are UTF-8 with a byte order mark, without which Excel takes umlauts for something else.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from autograder.export.table import Cell, Table

__all__ = ["csv_bytes", "number_text", "safe", "write"]

# A formula may begin a cell, and so it may follow what begins a new one where a comma does not: many countries'
# spreadsheets split at semicolons and pay no heed to a quote that stands further in. A dash by itself is none.
_FORMULA = re.compile(r"(^|[;\t\r\n])(?=[=+\-@\t\r\n＝＋－＠])(?!-\Z)")


def write(table: Table) -> bytes:
    """Return a table as CSV: times in UTC, ISO 8601; what is not known is empty."""
    return csv_bytes([list(table.columns), *table.rows])


def safe(text: str) -> str:
    """Return `text` so that no spreadsheet takes it, or a part of it, for a formula."""
    return _FORMULA.sub(r"\1'", text)


def number_text(value: float) -> str:
    """Write a number with at most six decimals and a decimal point, never with an exponent."""
    return f"{round(value, 6) + 0.0:.6f}".rstrip("0").rstrip(".")


def csv_bytes(rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return rows as CSV (RFC 4180); text is made safe, so it must not hold the text of a number that is to stay one.

    The first cell of the first row must need no quotes: a reader that keeps the byte order mark could not parse it.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerows([_cell(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _cell(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return safe(cell)
    if isinstance(cell, datetime):
        return cell.astimezone(UTC).isoformat(timespec="seconds")
    return number_text(cell)
