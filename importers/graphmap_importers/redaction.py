"""The text of a row as it may be kept for repair: only columns that are imported, the others blank.

Columns nobody imports may hold the body of a message or a note, and those never enter.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Collection, Mapping, Sequence


def table_text(cells: Sequence[str], kept: Sequence[bool], delimiter: str) -> str:
    """A row as one CSV record of the same width.

    >>> table_text(["7", "Acme, Inc", "a private note"], [True, True, False], ",")
    '7,"Acme, Inc",'
    """
    return row_text([cell if keep else "" for cell, keep in zip(cells, kept, strict=True)], delimiter)


def row_text(cells: Sequence[str], delimiter: str) -> str:
    """All cells as one CSV record."""
    text = delimiter.join(cells)
    if (
        text
        and '"' not in text
        and "\n" not in text
        and "\r" not in text
        and text.count(delimiter) == len(cells) - 1
    ):
        return text  # nothing in it needs a quote; the writer below takes three times as long
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="").writerow(cells)
    return out.getvalue()


def header_text(columns: Sequence[str], delimiter: str) -> str:
    """The header as one CSV record: what fits above the text of rows."""
    return row_text(columns, delimiter)


def object_text(cells: Mapping[str, object], kept: Collection[str]) -> str:
    """An object as one JSON line with the kept keys only.

    >>> object_text({"id": "7", "body": "hello"}, {"id"})
    '{"id": "7"}'
    """
    return json.dumps({key: value for key, value in cells.items() if key in kept}, ensure_ascii=False)
