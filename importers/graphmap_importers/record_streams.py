"""Streams of records in JSON Lines, as Singer taps and Airbyte sources write them: each stream that a mapping names is a table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO, cast

from graphmap.errors import InputError
from graphmap.ingest.protocol import Raw, Source
from graphmap.ingest.tables import Header, Layout, read_objects, read_rows
from graphmap.records import Rejected
from graphmap_importers.file_names import is_record_file, table_name

PLAIN = "*"
"""The stream of a file whose lines are the records themselves."""
_DEPTH = 5


@dataclass(frozen=True)
class StreamSource:
    """One stream of a file, called ``tap.jsonl!contacts``; numbers are written with the decimal sign that the mapping names."""

    file: Source
    stream: str
    decimal: str = "."

    @property
    def name(self) -> str:
        """The file and the stream."""
        return f"{self.file.name}!{self.stream}"

    @property
    def size(self) -> int:
        """Bytes of the whole file."""
        return self.file.size

    def open(self) -> AbstractContextManager[BinaryIO]:
        """The whole file."""
        return self.file.open()


def with_streams(sources: Iterable[Source], tables: Iterable[tuple[str, str]]) -> list[Source]:
    """The sources, with every file of records replaced by those of its streams that are named as (table, decimal sign)."""
    named = list(tables)
    found: list[Source] = []
    for source in sources:
        own = f"{table_name(source.name)}!"
        streams: dict[str, str] = {}
        if is_record_file(source.name):
            for table, decimal in named:
                if table.startswith(own):
                    streams.setdefault(table.removeprefix(own), decimal)
        found += [StreamSource(source, stream, decimal) for stream, decimal in streams.items()] or [source]
    return found


def stream_header(source: StreamSource) -> Header:
    """All fields that any record of the stream has, in the order of their first mention.

    Raises:
        InputError: the file has no record of that stream; the streams it has are named.
    """
    columns: dict[str, None] = {}
    others: dict[str, None] = {}
    for raw in read_objects(source, keep_text=False):
        if isinstance(raw, Rejected):
            continue
        stream, record = _record(cast("dict[str, object]", raw.cells))
        if stream == source.stream and record is not None:
            columns.update(dict.fromkeys(flat(record, source.decimal)))
        elif stream is not None:
            others[stream] = None
    if not columns:
        raise InputError(
            f'there is no record of a stream "{source.stream}"',
            file=source.file.name,
            remedy=f"name one that there is: {', '.join(others) or 'none'}",
        )
    return Header(tuple(columns), 1, 0, ",", Layout("utf-8", 0, b"\n"))


def samples_of(file: Source, lines: int, records: int) -> list[tuple[StreamSource, list[dict[str, str]]]]:
    """The streams among the first ``lines`` lines of a file, each with its first ``records`` records, flat."""
    found: dict[str, list[dict[str, str]]] = {}
    with closing(read_objects(file, keep_text=False)) as stream:
        for raw in islice(stream, lines):
            if not isinstance(raw, Raw):
                continue
            name, record = _record(cast("dict[str, object]", raw.cells))
            if name is not None and record is not None and len(known := found.setdefault(name, [])) < records:
                known.append(flat(record))
    return [(StreamSource(file, name), rows) for name, rows in found.items()]


def rows_of(source: Source, header: Header, *, keep_text: bool = True) -> Iterator[Raw | Rejected]:
    """The rows of a table, or the records of a stream with their fields in the place of columns; nothing else of a record is kept."""
    if not isinstance(source, StreamSource):
        yield from read_rows(source, header, keep_text=keep_text)
        return
    for raw in read_objects(source, keep_text=False):
        if isinstance(raw, Rejected):
            yield raw
            continue
        stream, record = _record(cast("dict[str, object]", raw.cells))
        if stream == source.stream and record is not None:
            cells = flat(record, source.decimal)
            yield Raw(raw.origin, raw.end, [cells.get(column, "") for column in header.columns])


def flat(record: Mapping[str, object], decimal: str = ".") -> dict[str, str]:
    """The fields of a record as text; those of an inner object with a dot, a list of plain values with ``;``.

    >>> flat({"id": 7, "owner": {"email": "a@us.example"}, "tags": ["x", "y"], "won": True, "note": None, "rate": 1.5}, ",")
    {'id': '7', 'owner.email': 'a@us.example', 'tags': 'x;y', 'won': 'true', 'note': '', 'rate': '1,5'}
    """
    cells: dict[str, str] = {}

    def walk(inner: Mapping[str, object], before: str, depth: int) -> None:
        for key, value in inner.items():
            if isinstance(value, dict):
                if depth < _DEPTH:
                    walk(cast("dict[str, object]", value), f"{before}{key}.", depth + 1)
            elif isinstance(value, list):
                plain = [one for one in cast("list[object]", value) if not isinstance(one, dict | list)]
                cells[before + key] = ";".join(_text(one, decimal) for one in plain)
            else:
                cells[before + key] = _text(value, decimal)

    walk(record, "", 1)
    return cells


def _text(value: object, decimal: str) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return (
            str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value).replace(".", decimal)
        )
    return " ".join(str(value).split("\n")) if isinstance(value, str) and "\n" in value else str(value)


def _record(line: dict[str, object]) -> tuple[str | None, dict[str, object] | None]:
    """Stream and record of a line: a message of Singer or Airbyte, or a record itself; (None, None) for other messages."""
    kind, inner = line.get("type"), line.get("record")
    if kind == "RECORD" and isinstance(inner, dict):
        message = cast("dict[str, object]", inner)
        if isinstance(line.get("stream"), str):
            return cast("str", line["stream"]), message
        data = message.get("data")
        if isinstance(message.get("stream"), str) and isinstance(data, dict):
            return cast("str", message["stream"]), cast("dict[str, object]", data)
    if kind in (
        "SCHEMA",
        "STATE",
        "ACTIVATE_VERSION",
        "LOG",
        "TRACE",
        "CATALOG",
        "SPEC",
        "CONNECTION_STATUS",
    ):
        return None, None
    loaded = line.get("_airbyte_data")
    return PLAIN, cast("dict[str, object]", loaded) if isinstance(loaded, dict) else line
