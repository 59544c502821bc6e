"""Workbooks (.xlsx, .xlsm, .xlsb, .xls, .ods): each sheet that a mapping names is a table, read as if it were a CSV."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from graphmap.errors import InputError
from graphmap.ingest.protocol import Source
from graphmap_importers.file_names import is_workbook, table_name
from graphmap_importers.workbook_sheet import NO_SUCH_SHEET

BOOK_LIMIT = 512 * 1024**2
TEXT_LIMIT = 1024**3
"""Bytes of a workbook, and of a sheet as text."""

_RATIO, _RATIO_FROM, _UNPACKED = 200, 16 * 1024**2, 4 * 1024**3
_PATIENCE = 900.0


@dataclass
class SheetSource:
    """One sheet as a source of CSV, called ``book.xlsx!Sheet``; it is read from the workbook when it is first needed."""

    book: Source
    sheet: str
    decimal: str = "."
    _text: bytes | None = field(default=None, repr=False)

    @property
    def name(self) -> str:
        """The workbook and the sheet."""
        return f"{self.book.name}!{self.sheet}"

    @property
    def size(self) -> int:
        """Bytes of the sheet as text."""
        return len(self._read())

    def open(self) -> AbstractContextManager[BinaryIO]:
        """The sheet as CSV, one row a line; an InputError where the workbook cannot be read."""
        return io.BytesIO(self._read())

    def _read(self) -> bytes:
        if self._text is None:
            self._text = _sheet_text(self)
        return self._text


def with_sheets(sources: Iterable[Source], tables: Iterable[tuple[str, str]]) -> list[Source]:
    """The sources, with every workbook replaced by those of its sheets that are named as (table, decimal sign)."""
    named = list(tables)
    found: list[Source] = []
    for source in sources:
        if not is_workbook(source.name):
            found.append(source)
            continue
        own = f"{table_name(source.name)}!"
        sheets: dict[str, str] = {}
        for table, decimal in named:
            if table.startswith(own):
                sheets.setdefault(table.removeprefix(own), decimal)
        found += [SheetSource(source, sheet, decimal) for sheet, decimal in sheets.items()]
    return found


def sheets_of(book: Source) -> list[SheetSource]:
    """All sheets of a workbook, in its order; an InputError where it cannot be read."""
    names = json.loads(_run(book, [], "the workbook"))
    return [SheetSource(book, str(name)) for name in names]


def column_letters(place: int) -> str:
    """The letters of a column, counted from 0.

    >>> column_letters(0), column_letters(25), column_letters(26), column_letters(16383)
    ('A', 'Z', 'AA', 'XFD')
    """
    letters = ""
    place += 1
    while place:
        place, digit = divmod(place - 1, 26)
        letters = chr(ord("A") + digit) + letters
    return letters


def _sheet_text(source: SheetSource) -> bytes:
    text = _run(source.book, [source.sheet, source.decimal], "the sheet")
    if len(text) > TEXT_LIMIT:
        raise _refused(source.book, f"the sheet has more than {TEXT_LIMIT // 1024**2} MB of text")
    return text


def _run(book: Source, arguments: Sequence[str], what: str) -> bytes:
    """What the process that opens the workbook writes."""
    with book.open() as stream:
        data = stream.read(BOOK_LIMIT + 1)
    if len(data) > BOOK_LIMIT:
        raise _refused(book, f"it is larger than {BOOK_LIMIT // 1024**2} MB")
    _refuse_bomb(book, data)
    # -P: the folder of the script is no place to import from.
    command = [sys.executable, "-P", str(Path(__file__).with_name("workbook_sheet.py")), *arguments]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=_PATIENCE, check=False)  # noqa: S603 - ours
    except subprocess.TimeoutExpired:
        raise _refused(book, "reading it takes too long") from None
    if done.returncode == NO_SUCH_SHEET:
        names = done.stderr.decode("utf-8", "replace")
        raise InputError(
            f'the workbook has no sheet "{arguments[0]}"',
            file=book.name,
            remedy=f"name one that there is: {names}",
        )
    if done.returncode:
        told = done.stderr.decode("utf-8", "replace")
        known = told.startswith("it is ") and "\n" not in told
        raise _refused(
            book,
            told
            if known
            else f"reading {what} needs more memory than it may (a cell far away from all others?)",
        )
    return done.stdout


def _refuse_bomb(book: Source, data: bytes) -> None:
    if not data.startswith(b"PK"):
        return
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            total = sum(info.file_size for info in archive.infolist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        raise _refused(book, "it is damaged, or no workbook") from None
    if total > _UNPACKED or (total > _RATIO_FROM and total > _RATIO * len(data)):
        raise _refused(book, f"it would unpack to {total:,} bytes from {len(data):,}")


def _refused(book: Source, reason: str) -> InputError:
    return InputError(
        f"this workbook is refused: {reason}",
        file=book.name,
        remedy="open it, save the sheet as CSV and import that",
    )
