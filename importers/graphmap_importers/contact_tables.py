"""Contact lists as tables: where the header stands, in which encoding, and rows with only the columns that are wanted."""

from __future__ import annotations

import codecs
import zipfile
import zlib
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from graphmap.errors import InputError
from graphmap.ingest.protocol import Part, Raw, Source
from graphmap.ingest.tables import Header, read_header, read_layout, read_lines, read_rows, spelling
from graphmap.records import Rejected
from graphmap_importers.contact_keys import Earlier
from graphmap_importers.redaction import header_text, table_text

_HEAD = 64 * 1024
_BLOCK = 1024 * 1024

Cells = dict[str, str]
"""Column in lower case -> text, wanted columns only."""


@dataclass(frozen=True, slots=True)
class Table:
    """A contact file: its header, which of its columns are wanted, and the keys that earlier files have."""

    header: Header
    columns: tuple[str, ...]
    kept: tuple[bool, ...]
    earlier: Earlier


def table(source: Source, wanted: Callable[[str], bool], preamble: Collection[str] = ()) -> Table:
    """How a file is read. ``preamble``: first columns of the header where other lines may stand above it.

    An InputError where there is no header.
    """
    encoding = None if _is_utf8(source) else "cp1252"
    with source.open() as stream:
        header = (
            _header_below(source, preamble, encoding)
            if preamble
            else read_header(stream, source.name, delimiter=None, encoding=encoding)
        )
    columns = tuple(" ".join(column.lower().split()) for column in header.columns)
    return Table(header, columns, tuple(wanted(column) for column in columns), set())


def rows(source: Source, found: Table) -> Iterator[Raw | Rejected]:
    """The rows with their wanted cells by column; no other text is handed on, not even for the quarantine."""
    for raw in read_rows(source, found.header, keep_text=False):
        if not isinstance(raw, Raw):
            yield raw
            continue
        texts = [str(cell) for cell in raw.cells]
        cells: dict[str, object] = {}
        for column, text, keep in zip(found.columns, texts, found.kept, strict=True):
            if keep and text.strip():
                cells.setdefault(column, text.strip())
        yield Raw(raw.origin, raw.end, cells, table_text(texts, found.kept, found.header.delimiter))


def part_of(source: Source, found: Table) -> Part:
    """The pass over a file of contacts."""
    header = found.header
    read = [column for column, kept in zip(header.columns, found.kept, strict=True) if kept]
    text = header_text(header.columns, header.delimiter)
    return Part(source, "people", found, text, spelling(header, read))


def _is_utf8(source: Source) -> bool:
    """Whether all of a file is UTF-8, or says itself what it is; old programs write the encoding of their Windows."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with source.open() as stream:
        head = stream.read(_HEAD)
        if read_layout(head).mark:
            return True
        block = head
        try:
            while block:
                decoder.decode(block)
                block = stream.read(_BLOCK)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
        except (OSError, EOFError, zlib.error, zipfile.BadZipFile) as error:
            remedy = "copy or download the file again"
            raise InputError(f"the file cannot be read ({error})", file=source.name, remedy=remedy) from error
    return True


def _header_below(source: Source, first: Collection[str], encoding: str | None) -> Header:
    with source.open() as stream:
        head = stream.read(_HEAD)
    layout = read_layout(head, encoding)
    with source.open() as stream:
        for number, end, text, _ in read_lines(stream, source.name, layout):
            if end > _HEAD:
                break
            for delimiter in ",;\t":
                columns = tuple(cell.strip().strip('"') for cell in text.rstrip("\r").split(delimiter))
                if len(columns) > 2 and columns[0].lower() in first:
                    return Header(columns, number, end, delimiter, layout)
    raise InputError(
        f"there is no header that begins with {' or '.join(sorted(first))}",
        file=source.name,
        line=1,
        remedy="use the file as it was downloaded",
    )
