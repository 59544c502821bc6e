"""Tables as CSV that a spreadsheet opens and never runs."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Sequence

from flask import Response

_RUNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def defused(cell: object) -> object:
    """A text that a spreadsheet would run gets an apostrophe in front; numbers stay numbers.

    >>> defused("=1+1"), defused(-3.5), defused("Acme"), defused(" =1+1")
    ("'=1+1", -3.5, 'Acme', "' =1+1")
    """
    if cell is None:
        return ""
    if isinstance(cell, bool | int | float):
        return cell
    text = str(cell)
    # Spreadsheets skip blanks and invisible characters before the sign.
    visible = text
    while (
        visible
        and visible[0] not in _RUNS
        and (visible[0].isspace() or unicodedata.category(visible[0]) == "Cf")
    ):
        visible = visible[1:]
    return "'" + text if visible.startswith(_RUNS) else text


def file_name(text: str) -> str:
    """A harmless file name.

    >>> file_name('Acme / "Süd" ties')
    'Acme-S-d-ties'
    """
    return re.sub(r"[^A-Za-z0-9]+", "-", text[:80]).strip("-") or "graphmap"


def table(name: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """A CSV download, UTF-8 with a byte order mark because spreadsheets guess wrong without it."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([defused(column) for column in columns])
    for row in rows:
        writer.writerow([defused(cell) for cell in row])
    response = Response("\ufeff" + out.getvalue(), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{file_name(name)}.csv"'
    return response
