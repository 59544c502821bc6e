"""What importers of CRM exports share: files are told apart by name and columns, joined once, and read row by row."""

from __future__ import annotations

import io
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from itertools import islice
from typing import BinaryIO, ClassVar, Generic, TypeVar, cast

from graphmap.errors import InputError
from graphmap.ingest.protocol import API, OBJECTS, Converted, Match, Options, Part, Probe, Raw, Source
from graphmap.ingest.tables import read_header, read_objects, spelling
from graphmap.records import Excluded, Notice, Rejected
from graphmap_importers.cells import Problem
from graphmap_importers.crm_objects import INSIDE, flat_cells, plain_text
from graphmap_importers.crm_rows import JOINED, Made, Outcome, Row
from graphmap_importers.crm_tables import (
    Table,
    encoding_of,
    is_objects,
    is_table,
    open_table,
    plain_rows,
    table_rows,
)
from graphmap_importers.file_names import base_of
from graphmap_importers.mail_places import FolderSource
from graphmap_importers.quick import quick_sourced

W = TypeVar("W")
"""What a vendor's importer found out from the whole set of files."""

_SAMPLE_ROWS = 20


@dataclass(frozen=True, slots=True)
class Shape(Generic[W]):
    """One kind of file: what its rows become, the columns that are read, and the kinds of files its rows are joined with."""

    name: str
    kind: str | None
    columns: tuple[str, ...]
    convert: Callable[[Row, W], Outcome] | None = None
    join: Callable[[Row, W], str] | None = None
    joined: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Becomes(Generic[W]):
    """What becomes of one kind of file: its kind of records, how a row is converted, how it is joined, and with which kinds."""

    kind: str | None
    convert: Callable[[Row, W], Outcome] | None = None
    join: Callable[[Row, W], str] | None = None
    joined: tuple[str, ...] = ()


def shapes_of(columns: Mapping[str, tuple[str, ...]], **kinds: Becomes[W]) -> dict[str, Shape[W]]:
    """The shapes of a vendor's files by their names; ``columns`` names those that are read."""
    return {
        name: Shape(name, one.kind, columns[name], one.convert, one.join, one.joined)
        for name, one in kinds.items()
    }


@dataclass(frozen=True, slots=True)
class First:
    """What is told along with the first row that is kept: records of the whole set, and remarks (code, sentence)."""

    made: tuple[Made, ...] = ()
    remarks: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Plan(Generic[W]):
    """One file: its table, what the set says, and what is told along with its first row that is kept."""

    source: str
    shape: Shape[W]
    table: Table
    world: W
    problems: tuple[Rejected, ...] = ()
    first: First = First()
    first_line: int | None = None


class CrmImporter(ABC, Generic[W]):
    """An importer whose vendor says how files are recognised and what their rows become."""

    api: ClassVar[int] = API
    name: ClassVar[str]
    version: ClassVar[int] = 1
    files: ClassVar[str]
    reads_objects: ClassVar[bool] = False
    """Whether it reads JSON objects, one a line, as well as CSV."""

    @abstractmethod
    def shape_of(self, base: str, columns: Sequence[str]) -> Shape[W] | None:
        """The kind of a file by its own name and its header; None for foreign files."""

    @abstractmethod
    def fits(self, shape: Shape[W], row: Row) -> bool:
        """Whether a row looks like the vendor's; asked about the first rows of a file that has any."""

    @abstractmethod
    def source_of(self, name: str) -> str:
        """The name of the source that a file belongs to."""

    @abstractmethod
    def squash(self, column: str) -> str:
        """A column's name in the form in which spellings of it are equal."""

    @abstractmethod
    def survey(
        self, source: str, tables: Mapping[str, Sequence[Table]], options: Options
    ) -> tuple[W, Mapping[str, Sequence[Rejected]]]:
        """What all files of a source say together, and their broken rows by the kind of file that is joined with them."""

    @abstractmethod
    def first(self, shape: Shape[W], world: W, *, retried: bool) -> First:
        """What is told along with the first row of this kind; ``retried``: these are only rows that were set aside before."""

    def identify(self, probe: Probe, options: Options) -> Match | None:
        """By the file's name and its columns, and by the first rows where there are any."""
        del options
        found = self._recognised(probe.name, probe.head)
        if found is None:
            return None
        shape, rows = found
        if rows and not any(self.fits(shape, row) for row in rows):
            return None
        return Match(0.9, f"{self.name} {shape.name}")

    def plan(self, sources: Sequence[Source], options: Options) -> list[Part]:
        """One part per file; files that only add to others have none. Every file that others are joined with is read once."""
        sets: dict[str, dict[str, list[Table]]] = {}
        shapes: dict[str, Shape[W]] = {}
        for source in sorted(sources, key=lambda one: one.name):
            with source.open() as stream:
                found = self._recognised(source.name, stream.read(64 * 1024))
            if found is None:
                raise InputError(
                    f"this is none of the files of {self.name}",
                    file=source.name,
                    remedy=f"export it again under its own name: {self.files}",
                )
            shape, _ = found
            shapes[shape.name] = shape
            if is_table(base_of(source.name)):
                table = open_table(source, shape.columns, self.squash)
            else:
                table = Table(source, None, self._columns_of(source, shape), (), self._flat(shape))
            sets.setdefault(self.source_of(source.name), {}).setdefault(shape.name, []).append(table)
        parts: list[Part] = []
        for source_name, tables in sorted(sets.items()):
            parts += self._parts(source_name, tables, shapes, options)
        return parts

    def read(self, part: Part, options: Options) -> Iterator[Raw | Rejected]:
        """The rows of a file with what other files say about them."""
        del options
        plan = cast("Plan[W]", part.plan)
        yield from plan.problems
        join = plan.shape.join
        if join is None:
            yield from table_rows(plan.table)
        else:
            yield from table_rows(plan.table, lambda row: _quietly(join, row, plan.world))

    def convert(self, raw: Raw, part: Part, options: Options) -> Converted:
        """The records of a row, or why there are none."""
        del options
        plan = cast("Plan[W]", part.plan)
        convert = plan.shape.convert
        assert convert is not None  # a kind of file without it has no part
        row = Row(cast("dict[str, str]", raw.cells), raw.origin)
        try:
            done = convert(row, plan.world)
        except Problem as problem:
            problem.column = problem.column and plan.table.label_of(problem.column)
            return problem.rejected(raw.origin, raw.text)
        if isinstance(done, str):
            return Excluded(raw.origin, done)
        notices = tuple(
            replace(one, column=one.column and plan.table.label_of(one.column)) for one in row.notices
        )
        if raw.origin.line is not None and raw.origin.line == plan.first_line:
            done = (*plan.first.made, *done)
            notices += tuple(Notice(raw.origin, code, message) for code, message in plan.first.remarks)
        return tuple(
            quick_sourced(record, raw.origin, plan.source, object_name, key, () if number else notices)
            for number, (record, object_name, key) in enumerate(done)
        )

    def _parts(
        self,
        source: str,
        tables: Mapping[str, Sequence[Table]],
        shapes: Mapping[str, Shape[W]],
        options: Options,
    ) -> list[Part]:
        world, problems = self.survey(source, tables, options)
        parts: list[Part] = []
        told: set[str] = set()
        for name in sorted(
            tables, key=lambda name: (OBJECTS.index(shapes[name].kind or "interactions"), name)
        ):
            shape = shapes[name]
            if shape.kind is None:
                continue
            for table in tables[name]:
                broken = () if name in told else tuple(problems.get(name, ()))
                told.add(name)
                part = self._part(Plan(source, shape, table, world, broken), tables)
                parts.append(part)
            self._tell_first(parts, shape, world, options)
        return parts

    def _part(self, plan: Plan[W], tables: Mapping[str, Sequence[Table]]) -> Part:
        shape, own = plan.shape, plan.table.source
        others = {one.source.name: one.source for name in shape.joined for one in tables.get(name, ())}
        others.pop(own.name, None)
        # The files it is joined with belong to it: when they change, its rows are to be read again.
        whole = (
            own if not others else FolderSource(own.name, (own, *(others[name] for name in sorted(others))))
        )
        header = plan.table.header
        read = () if header is None else [header.columns[place] for place in plan.table.places]
        told = None if header is None else spelling(header, read)
        return Part(whole, shape.kind or "", plan, plan.table.header_text, told)

    def _tell_first(self, parts: list[Part], shape: Shape[W], world: W, options: Options) -> None:
        for number, part in enumerate(parts):
            plan = cast("Plan[W]", part.plan)
            if plan.shape.name != shape.name:
                continue
            first = self.first(shape, world, retried=plan.table.retried)
            if not first.made and not first.remarks:
                return
            for raw in self.read(part, options):
                if isinstance(raw, Raw) and isinstance(self.convert(raw, part, options), tuple):
                    parts[number] = replace(part, plan=replace(plan, first=first, first_line=raw.origin.line))
                    return

    def text_of(self, name: str, value: object) -> str:
        """A value of a JSON object as a cell."""
        del name
        return plain_text(value)

    def _flat(self, shape: Shape[W]) -> Callable[[Mapping[str, object]], dict[str, str]]:
        names = {self.squash(name): name for name in shape.columns}
        return lambda value: flat_cells(value, names, self.squash, self.text_of)

    def _columns_of(self, source: Source, shape: Shape[W]) -> tuple[str, ...]:
        """All that may occur in a file of objects; rows that are tried again say so in their first object."""
        first = next(iter(read_objects(source, keep_text=False)), None)
        retried = isinstance(first, Raw) and JOINED in cast("dict[str, object]", first.cells)
        return (*shape.columns, JOINED) if retried else shape.columns

    def _recognised(self, name: str, head: bytes) -> tuple[Shape[W], list[Row]] | None:
        base = base_of(name)
        if is_table(base):
            return self._recognised_table(base, _Head(name, head))
        if self.reads_objects and is_objects(base):
            return self._recognised_objects(base, _Head(name, head))
        return None

    def _recognised_table(self, base: str, head: _Head) -> tuple[Shape[W], list[Row]] | None:
        encoding = encoding_of(head.data)
        try:
            header = read_header(io.BytesIO(head.data), head.name, delimiter=None, encoding=encoding)
        except InputError:
            return None
        shape = self.shape_of(base, header.columns)
        if shape is None:
            return None
        columns = tuple(map(self.squash, header.columns))
        rows = plain_rows([Table(head, header, columns, tuple(range(len(columns))))])
        return shape, list(islice((row for row in rows if isinstance(row, Row)), _SAMPLE_ROWS))

    def _recognised_objects(self, base: str, head: _Head) -> tuple[Shape[W], list[Row]] | None:
        found = next((raw for raw in islice(read_objects(head), 5) if isinstance(raw, Raw)), None)
        if found is None:
            return None
        cells = cast("dict[str, object]", found.cells)
        inside = [cast("dict[str, object]", one) for key in INSIDE if isinstance(one := cells.get(key), dict)]
        shape = self.shape_of(base, [*cells, *(key for one in inside for key in one)])
        if shape is None:
            return None
        flat = self._flat(shape)(cells)
        return shape, [Row({self.squash(name): text for name, text in flat.items()}, found.origin)]


@dataclass(frozen=True, slots=True)
class _Head:
    """The beginning of a file, as a source."""

    name: str
    data: bytes

    @property
    def size(self) -> int:
        return len(self.data)

    def open(self) -> AbstractContextManager[BinaryIO]:
        return io.BytesIO(self.data)


def _quietly(join: Callable[[Row, W], str], row: Row, world: W) -> str:
    """What is wrong with the row itself is said when it is converted."""
    try:
        return join(row, world)
    except Problem:
        return ""
