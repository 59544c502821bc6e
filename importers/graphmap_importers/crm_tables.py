"""Files of a CRM export as rows of the wanted columns; no other column is handed on, not even for the quarantine."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import cast

from graphmap.errors import InputError
from graphmap.ingest.protocol import Raw, Source
from graphmap.ingest.tables import Header, read_header, read_layout, read_rows
from graphmap.records import Rejected
from graphmap_importers.crm_rows import JOINED, Row
from graphmap_importers.redaction import header_text, table_text

_SAMPLE = 1 << 20


@dataclass(frozen=True, slots=True)
class Table:
    """A CSV file whose columns are known: the vendor's names of those that are read, and where they stand."""

    source: Source
    header: Header
    columns: tuple[str, ...]
    places: tuple[int, ...]

    @property
    def retried(self) -> bool:
        """Whether these are rows that were set aside and are tried again: what other files say stands beside them."""
        return JOINED in self.columns

    @property
    def header_text(self) -> str:
        """The header as it fits above rows that were set aside."""
        columns = self.header.columns
        return header_text(columns if self.retried else (*columns, JOINED), self.header.delimiter)


def open_table(source: Source, wanted: Iterable[str], squash: Callable[[str], str]) -> Table:
    """The columns of a file that are wanted, whatever their spelling; an InputError where one stands twice."""
    with source.open() as stream:
        encoding = encoding_of(stream.read(_SAMPLE))
    with source.open() as stream:
        header = read_header(stream, source.name, delimiter=None, encoding=encoding)
    names = {squash(name): name for name in wanted}
    found: dict[str, int] = {}
    for place, column in enumerate(header.columns):
        name = JOINED if column == JOINED else names.get(squash(column))
        if name is None:
            continue
        if name in found:
            raise InputError(
                "the column stands twice in the header",
                file=source.name,
                line=header.line,
                column=column,
                remedy="keep one of them",
            )
        found[name] = place
    return Table(source, header, tuple(found), tuple(found.values()))


def table_rows(table: Table, join: Callable[[Row], str] | None = None) -> Iterator[Raw | Rejected]:
    """The rows with their wanted cells, and with what ``join`` says about them in a column of its own."""
    header = table.header
    kept = [place in table.places for place in range(len(header.columns))]
    retried = table.retried
    for raw in read_rows(table.source, header, keep_text=False):
        if not isinstance(raw, Raw):
            yield raw
            continue
        found = cast("Sequence[str]", raw.cells)
        cells = {column: found[place] for column, place in zip(table.columns, table.places, strict=True)}
        text = table_text(found, kept, header.delimiter)
        if not retried:
            joined = "" if join is None else join(Row(cells, raw.origin))
            if joined:
                cells[JOINED] = joined
                joined = table_text([joined], [True], header.delimiter)
            text = f"{text}{header.delimiter}{joined}"
        yield Raw(raw.origin, raw.end, cast("dict[str, object]", cells), text)


def plain_rows(tables: Iterable[Table]) -> Iterator[Row | Rejected]:
    """The rows of some files for looking something up in them."""
    for table in tables:
        for raw in read_rows(table.source, table.header, keep_text=False):
            if isinstance(raw, Raw):
                found = cast("Sequence[str]", raw.cells)
                yield Row(
                    {column: found[place] for column, place in zip(table.columns, table.places, strict=True)},
                    raw.origin,
                )
            else:
                yield raw


def encoding_of(data: bytes) -> str:
    r"""How the beginning of a file is written: UTF-8, else what Western European systems write (cp1252).

    A single broken row does not count: the rows with letters beyond ASCII vote.

    >>> encoding_of("Müller\nMéline".encode("cp1252")), encoding_of("Müller\nMéline\n".encode() + b"M\xfc\n")
    ('cp1252', 'utf-8')
    """
    if read_layout(data).mark:
        return "utf-8"
    lines = [line for line in data.splitlines() if not line.isascii()]
    good = sum(_is_utf8(line) for line in lines)
    return "utf-8" if good * 2 >= len(lines) else "cp1252"


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError as error:
        return error.end >= len(line) and error.reason == "unexpected end of data"  # the sample was cut here
    return True


def squash(column: str) -> str:
    """A vendor's name as it is compared: ``AccountId``, ``ACCOUNTID`` and ``account_id`` are one.

    >>> squash("AccountId"), squash("account_id"), squash("Account Name")
    ('accountid', 'accountid', 'account name')
    """
    return column.strip().lower().replace("_", "")


def stem_of(base: str) -> str:
    """The letters of a file's name without its ending.

    >>> stem_of("sf_account_data.csv"), stem_of("Account_2.csv"), stem_of("EmailMessage.csv")
    ('sfaccountdata', 'account', 'emailmessage')
    """
    return re.sub(r"[^a-z]", "", base.rpartition(".")[0].lower())


def is_table(name: str) -> bool:
    """Whether a file's name is that of a table."""
    return name.lower().endswith((".csv", ".tsv", ".txt"))
