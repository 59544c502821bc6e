"""Files of a CRM export as rows of the wanted columns; no other column is handed on, not even for the quarantine."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from graphmap.errors import InputError
from graphmap.ingest.protocol import Raw, Source
from graphmap.ingest.tables import Header, read_header, read_layout, read_objects, read_rows
from graphmap.records import Rejected
from graphmap_importers.crm_rows import JOINED, Row
from graphmap_importers.redaction import header_text, table_text

_SAMPLE = 1 << 20


@dataclass(frozen=True, slots=True)
class Table:
    """A file whose columns are known: the vendor's names of those that are read, and where they stand.

    Of a file of JSON objects (``header`` None) ``flat`` gives the cells, and all wanted columns may occur.
    """

    source: Source
    header: Header | None
    columns: tuple[str, ...]
    places: tuple[int, ...] = ()
    flat: Callable[[Mapping[str, object]], dict[str, str]] | None = None

    @property
    def retried(self) -> bool:
        """Whether these are rows that were set aside and are tried again: what other files say stands beside them."""
        return JOINED in self.columns

    def label_of(self, column: str) -> str:
        """What the file calls a column."""
        if self.header is None or column not in self.columns:
            return column
        return self.header.columns[self.places[self.columns.index(column)]]

    @property
    def header_text(self) -> str | None:
        """The header as it fits above rows that were set aside."""
        if self.header is None:
            return None
        columns = self.header.columns
        return header_text(columns if self.retried else (*columns, JOINED), self.header.delimiter)


def open_table(source: Source, wanted: Iterable[str], squash: Callable[[str], str]) -> Table:
    """The columns of a CSV that are wanted, whatever their spelling; an InputError where one stands twice."""
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
    for raw in _records(table):
        if isinstance(raw, Rejected):
            yield raw
            continue
        cells = cast("dict[str, str]", raw.cells)
        text = raw.text
        if JOINED not in cells:
            joined = "" if join is None else join(Row(cells, raw.origin))
            if joined:
                cells[JOINED] = joined
            if table.header is not None:
                delimiter = table.header.delimiter
                text = f"{text}{delimiter}{table_text([joined], [True], delimiter) if joined else ''}"
        if table.header is None:
            told = {name: value for name, value in cells.items() if value}
            text = json.dumps({**told, JOINED: cells.get(JOINED, "")}, ensure_ascii=False)
        yield Raw(raw.origin, raw.end, cast("dict[str, object]", cells), text)


def plain_rows(tables: Iterable[Table]) -> Iterator[Row | Rejected]:
    """The rows of some files for looking something up in them."""
    for table in tables:
        for raw in _records(table, keep_text=False):
            yield raw if isinstance(raw, Rejected) else Row(cast("dict[str, str]", raw.cells), raw.origin)


def _records(table: Table, *, keep_text: bool = True) -> Iterator[Raw | Rejected]:
    header, flat = table.header, table.flat
    if header is None:
        for raw in read_objects(table.source, keep_text=False):
            if isinstance(raw, Raw) and flat is not None:
                yield Raw(
                    raw.origin, raw.end, cast("dict[str, object]", flat(cast("dict[str, object]", raw.cells)))
                )
            elif isinstance(raw, Rejected):
                yield raw
        return
    pairs = list(zip(table.columns, table.places, strict=True))
    kept = [place in table.places for place in range(len(header.columns))]
    for raw in read_rows(table.source, header, keep_text=False):
        if isinstance(raw, Raw):
            found = cast("Sequence[str]", raw.cells)
            cells = {column: found[place] for column, place in pairs}
            text = table_text(found, kept, header.delimiter) if keep_text else None
            yield Raw(raw.origin, raw.end, cast("dict[str, object]", cells), text)
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
    """Whether a file's name is that of a CSV."""
    return name.lower().endswith((".csv", ".tsv", ".txt"))


def is_objects(name: str) -> bool:
    """Whether a file's name is that of a file of JSON objects, one a line."""
    return name.lower().endswith((".jsonl", ".ndjson", ".json"))
