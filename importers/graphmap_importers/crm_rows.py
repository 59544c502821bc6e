"""One row of a CRM export: its cells by the vendor's names, and what is said about it on the way."""

from __future__ import annotations

from collections.abc import Mapping

from graphmap.records import Notice, Origin, Record
from graphmap_importers.cells import PLAIN, Problem, Reading, day_cell, flag_cell, moment_cell, number_cell
from graphmap_importers.mail_addresses import clean_address
from graphmap_importers.rows import no_offset

JOINED = "graphmap_joined"
"""An own column beside the vendor's: what other files say about the row. It stands in rows that are set aside, so that
they can be tried again without those files."""

Made = tuple[Record, str, str]
"""A record with its object and id in the source."""

Outcome = str | tuple[Made, ...]
"""What a row becomes: its records, or the reason why it is left out."""


class Row:
    """The wanted cells of a row; a column that the file does not have is blank."""

    __slots__ = ("_cells", "notices", "origin")

    def __init__(self, cells: Mapping[str, str], origin: Origin) -> None:
        self._cells, self.origin = cells, origin
        self.notices: list[Notice] = []

    def __getitem__(self, column: str) -> str:
        return self._cells.get(column, "").strip()

    def has(self, column: str) -> bool:
        """Whether the file has the column."""
        return column in self._cells

    def first(self, *columns: str) -> str:
        """The first of some cells that is not blank."""
        for column in columns:
            text = self._cells.get(column)
            if text and (text := text.strip()):
                return text
        return ""

    def need(self, *columns: str) -> str:
        """The same; a ``Problem`` where all are blank."""
        text = self.first(*columns)
        if not text:
            column = columns[0]
            raise Problem(
                "missing", f"the row has no {column}", column=column, value="", remedy=f"fill in {column}"
            )
        return text

    def flag(self, column: str) -> bool:
        """Yes or no; a blank cell is no."""
        if not self._cells.get(column):
            return False
        return flag_cell(self[column], column) or False

    def day(self, column: str, reading: Reading = PLAIN) -> str | None:
        """A day; None for a blank cell."""
        return day_cell(self[column], column, reading)

    def moment(self, *columns: str, reading: Reading = PLAIN, tell_naive: bool = False) -> int:
        """Epoch milliseconds of the first cell that is not blank; a time without offset is in the zone of ``reading``.

        Interfaces also write the milliseconds themselves. ``tell_naive`` adds the remark about a time without offset.
        """
        column = next((column for column in columns if self[column]), columns[0])
        text = self.need(column)
        if text.isdecimal() and text.isascii() and 12 <= len(text) <= 13:
            return int(text)
        at, has_offset = moment_cell(text, column, reading)
        if tell_naive and not has_offset:
            self.notices.append(no_offset(self.origin))
        return at

    def number(self, column: str) -> float | None:
        """A number; None for a blank cell."""
        return number_cell(self[column], column)

    def addresses(self, *columns: str) -> tuple[str, ...]:
        """The addresses in some cells, each once; one that is none is told about and left out."""
        found: dict[str, None] = {}
        for column in columns:
            for text in self[column].replace(",", ";").split(";"):
                if not text.strip():
                    continue
                if address := clean_address(text):
                    found[address] = None
                else:
                    self.tell("not_an_address", "this is no mail address and was left out", column, text)
        return tuple(found)

    def texts(self, *columns: str) -> tuple[str, ...]:
        """The cells that are not blank, each once."""
        return tuple(dict.fromkeys(text for column in columns if (text := self[column])))

    def tell(self, code: str, message: str, column: str | None = None, value: str | None = None) -> None:
        """Add a remark; the row is kept."""
        self.notices.append(
            Notice(self.origin, code, message, column, None if value is None else value[:200])
        )
