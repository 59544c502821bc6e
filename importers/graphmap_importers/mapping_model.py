"""What a mapping says, parsed: the source, our own firm, and one table per kind of records and file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from graphmap.records import Firm
from graphmap_importers.mapping_values import Condition, Participant, Reference, Value

Field = Value | Reference | str
"""What a field holds: columns, the id of another record, or a constant."""


@dataclass(frozen=True, slots=True)
class Join:
    """Columns of a second file, found by equal values; they are called ``prefix`` + column."""

    file: str
    on: tuple[tuple[str, str], ...]
    prefix: str


@dataclass(frozen=True, slots=True)
class Form:
    """How the cells of a file are written."""

    delimiter: str | None = None
    encoding: str | None = None
    date_format: tuple[str, ...] = ()
    decimal: str = "."
    tz: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """One kind of records out of one file."""

    kind: str
    object: str
    file: str
    key: tuple[str, ...]
    fields: dict[str, Field]
    participants: tuple[Participant, ...]
    where: tuple[Condition, ...]
    joins: tuple[Join, ...]
    distinct: bool
    form: Form

    def columns(self) -> Iterator[str]:
        """All columns the table needs, joined ones included."""
        yield from self.key
        for field in self.fields.values():
            if isinstance(field, Value):
                yield from field.columns()
            elif isinstance(field, Reference):
                yield from field.key
        for participant in self.participants:
            yield from participant.columns()
        for condition in self.where:
            yield condition.column
        for join in self.joins:
            for left, _ in join.on:
                yield left


@dataclass(frozen=True, slots=True)
class MappingFile:
    """A whole mapping: the name of the source, our own firm, and the tables in file order."""

    path: str
    source: str
    own_firm: Firm | None
    tables: tuple[Table, ...]

    def files(self) -> frozenset[str]:
        """The base names of all files it names and does not bring along itself."""
        joined = {join.file for table in self.tables for join in table.joins}
        beside = {name for name in joined if (Path(self.path).parent / name).is_file()}
        return frozenset({table.file for table in self.tables} | (joined - beside))
