"""A second file as a lookup in memory: the columns a mapping needs of it, by those that must be equal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from graphmap.errors import InputError
from graphmap.ingest.protocol import Raw, Source
from graphmap.ingest.tables import Header, read_header
from graphmap_importers.file_names import folder_of, table_name
from graphmap_importers.mapping_model import Form, Join
from graphmap_importers.record_streams import StreamSource, rows_of, stream_header


@dataclass(frozen=True, slots=True)
class LocalFile:
    """A file that lies beside the mapping."""

    name: str
    path: Path
    size: int

    def open(self) -> AbstractContextManager[BinaryIO]:
        """A fresh stream from the start."""
        return self.path.open("rb")


@dataclass(frozen=True, slots=True)
class Lookup:
    """Rows of a joined file: the columns on our side, the names of those it adds, and its rows by key."""

    left: tuple[str, ...]
    adds: tuple[str, ...]
    rows: Mapping[tuple[str, ...], tuple[str, ...]]

    def extend(self, cells: dict[str, str]) -> None:
        """Add the joined columns to a row; empty where there is no such row."""
        found = self.rows.get(tuple(cells[column].strip() for column in self.left))
        cells.update(zip(self.adds, found or [""] * len(self.adds), strict=True))


def header_of(source: Source, form: Form) -> Header:
    """The header of a mapped file; its separator is found where the mapping names none."""
    if isinstance(source, StreamSource):
        return stream_header(source)
    with source.open() as stream:
        return read_header(stream, source.name, delimiter=form.delimiter, encoding=form.encoding)


def places(source: Source, header: Header, columns: Sequence[str]) -> tuple[int, ...]:
    """Where the columns stand; an InputError names the one that is missing or stands twice."""
    for column in columns:
        if header.columns.count(column) != 1:
            twice = column in header.columns
            raise InputError(
                "the column stands twice in the header" if twice else "the file has no such column",
                file=source.name,
                line=header.line,
                column=column,
                remedy="keep one of them"
                if twice
                else f"name one that there is: {', '.join(header.columns)}",
            )
    return tuple(header.columns.index(column) for column in columns)


def find_joined(join: Join, mapping: str, beside: Source, sources: Sequence[Source]) -> Source:
    """The joined file: next to the mapping, else next to the file that needs it, else the only one."""
    path = Path(mapping).parent / join.file
    if path.is_file():
        return LocalFile(path.as_posix(), path, path.stat().st_size)
    named = [source for source in sources if table_name(source.name) == join.file]
    near = [source for source in named if folder_of(source.name) == folder_of(beside.name)]
    if near or len(named) == 1:
        return (near or named)[0]
    several = "there are several, and none in the same folder" if named else "it is not among the files"
    raise InputError(
        f"the mapping needs {join.file} to read this file, and {several}",
        file=beside.name,
        remedy=f"put {join.file} beside it and import the folder",
    )


def load_lookup(join: Join, source: Source, needed: Sequence[str], form: Form) -> Lookup:
    """The needed columns of a joined file by key; an InputError where one key has two different rows."""
    right = tuple(column for _, column in join.on)
    bare = tuple(dict.fromkeys(column.removeprefix(join.prefix) for column in needed))
    # A file beside the mapping is its author's and not written like the export.
    header = header_of(source, Form() if isinstance(source, LocalFile) else form)
    key_at, value_at = places(source, header, right), places(source, header, bare)
    rows: dict[tuple[str, ...], tuple[str, ...]] = {}
    for raw in rows_of(source, header, keep_text=False):
        if not isinstance(raw, Raw):
            continue
        cells = cast("list[str]", raw.cells)
        key = tuple(cells[place].strip() for place in key_at)
        value = tuple(cells[place] for place in value_at)
        if rows.setdefault(key, value) != value and any(key):
            raise InputError(
                f"two rows have the same {', '.join(right)} ({', '.join(key)}) and differ in what is needed",
                file=source.name,
                line=raw.origin.line,
                column=right[0],
                remedy="join on columns that name one row",
            )
    rows.pop(("",) * len(right), None)
    return Lookup(tuple(left for left, _ in join.on), tuple(join.prefix + column for column in bare), rows)
