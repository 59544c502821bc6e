"""One sheet of a workbook as CSV on standard output, or the names of its sheets as JSON.

It runs as a process of its own: a hostile workbook can end the process that opens it (a cell in the last corner makes the library
ask for 400 GB), and so it ends this one, with little memory at its disposal.
"""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta

MEMORY = 4 * 1024**3
"""Bytes of address space this process may have, where the system can limit it."""

REFUSED, NO_SUCH_SHEET = 3, 4
"""How the process ends where the workbook cannot be read, and where it has no such sheet (stderr says why, or the names)."""


def cell_text(value: object, decimal: str) -> str:
    """A cell as the text that a CSV would have: dates in ISO form, whole numbers without a point, no line breaks.

    >>> cell_text(17.0, "."), cell_text(1.5, ","), cell_text(datetime(2026, 1, 31, 12), "."), cell_text(True, ".")
    ('17', '1,5', '2026-01-31T12:00:00', 'true')
    """
    if isinstance(value, str):
        return " ".join(value.splitlines()) if "\n" in value or "\r" in value else value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        if float(value).is_integer() and abs(value) < 1e15:
            return str(int(value))
        return repr(value).replace(".", decimal)
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return str(value.total_seconds() / 86_400) if isinstance(value, timedelta) else ""


def lines(rows: Iterator[Sequence[object]], indent: int, decimal: str) -> Iterator[str]:
    """The rows as CSV, one line each, so that the line is the row and the place of a cell its column; blank rows as blank lines."""
    before = [""] * indent
    for row in rows:
        cells = [cell_text(value, decimal) for value in row]
        if not any(cells):
            yield "\n"
            continue
        out = io.StringIO()
        csv.writer(out, lineterminator="\n").writerow(before + cells)
        yield out.getvalue()


def _limit() -> None:
    try:
        import resource
    except ImportError:  # no such limits on Windows
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    known = [one for one in (soft, hard, MEMORY) if one != resource.RLIM_INFINITY]
    resource.setrlimit(resource.RLIMIT_AS, (min(known), hard))
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))


def main(sheet: str | None, decimal: str) -> int:
    """Writes the sheet of the workbook on standard input; without a sheet the names of all."""
    _limit()
    import python_calamine

    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
        if sheet is None:
            sys.stdout.write(json.dumps(book.sheet_names))
            return 0
        if sheet not in book.sheet_names:
            sys.stderr.write(", ".join(book.sheet_names))
            return NO_SUCH_SHEET
        found = book.get_sheet_by_name(sheet)
        out = io.TextIOWrapper(
            sys.stdout.buffer, encoding="utf-8", errors="replace", newline="", write_through=False
        )
        if found.start is not None:
            out.writelines(lines(found.iter_rows(), found.start[1], decimal))
        out.flush()
    except python_calamine.PasswordError:
        sys.stderr.write("it is protected by a password")
        return REFUSED
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        # What the library says about a broken file may quote it.
        sys.stderr.write(f"it is damaged, or no workbook ({type(error).__name__})")
        return REFUSED
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]) if len(sys.argv) > 1 else main(None, "."))
