"""The canonical files (firms, people, interactions and so on) as CSV or JSON Lines."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from operator import itemgetter
from typing import ClassVar, cast

from graphmap.errors import InputError
from graphmap.ingest.protocol import API, OBJECTS, Converted, Match, Options, Part, Probe, Raw, Source
from graphmap.ingest.tables import Header, read_header, read_objects, read_rows, spelling
from graphmap.records import Notice, Origin, Rejected
from graphmap_importers.cells import Problem, Reading
from graphmap_importers.quick import quick_sourced
from graphmap_importers.redaction import header_text, object_text, table_text
from graphmap_importers.rows import COLUMNS, REQUIRED, build, interaction, no_offset
from graphmap_importers.times import zone

SOURCE = "canonical"

_PREVIEW = 1000  # objects of a JSON Lines file that are looked at for their keys, rows for the first good one


@dataclass(frozen=True, slots=True)
class Plan:
    """What is known of a file: its header (None: JSON Lines), its columns, and those that are not read."""

    header: Header | None
    columns: tuple[str, ...]
    unknown: tuple[str, ...]
    reading: Reading
    pick: Callable[[Sequence[str]], Sequence[str]] | None = None
    """Interactions with all their columns: the cells in the order of the record's fields."""
    notice_line: int | None = None
    """The first row that is kept: remarks about the whole file stand there."""


class CanonicalImporter:
    """Reads the canonical files, alone, in a folder or in a zip."""

    api: ClassVar[int] = API
    name: ClassVar[str] = "canonical"
    version: ClassVar[int] = 1
    files: ClassVar[str] = ", ".join(f"{name}.csv" for name in OBJECTS) + " or .jsonl"

    def identify(self, probe: Probe, options: Options) -> Match | None:
        """By file name; surer where the header fits (where it does not, ``plan`` says what is missing)."""
        del options
        known = _object_of(probe.name)
        if known is None:
            return None
        object_name, is_table = known
        columns = _probe_columns(probe, is_table=is_table)
        fits = set(REQUIRED[object_name]) <= columns
        return Match(0.9 if fits else 0.3, f"canonical {object_name}")

    def plan(self, sources: Sequence[Source], options: Options) -> list[Part]:
        """One part per file; an InputError names the columns that are missing."""
        reading = Reading(zone(options.tz))
        return [self._part(source, reading, options) for source in sources]

    def read(self, part: Part, options: Options) -> Iterator[Raw | Rejected]:
        """The rows or objects of a file; the text of unknown columns is not handed on."""
        del options
        plan = cast("Plan", part.plan)
        if plan.header is None:
            yield from _read_objects(part, plan)
        elif not plan.unknown:
            yield from read_rows(part.source, plan.header)
        else:
            kept = [column not in plan.unknown for column in plan.columns]
            for raw in read_rows(part.source, plan.header, keep_text=False):
                if isinstance(raw, Raw):
                    text = table_text(cast("list[str]", raw.cells), kept, plan.header.delimiter)
                    yield replace(raw, text=text)
                else:
                    yield raw

    def convert(self, raw: Raw, part: Part, options: Options) -> Converted:
        """One record, or why not."""
        plan = cast("Plan", part.plan)
        cells = raw.cells
        try:
            if isinstance(cells, dict):
                record, key, naive = build(part.object, _plain(cells), plan.reading)
            elif plan.pick is not None:
                record, key, naive = interaction(plan.pick(cells), plan.reading)
            else:
                record, key, naive = build(
                    part.object, dict(zip(plan.columns, cells, strict=True)), plan.reading
                )
        except Problem as problem:
            return problem.rejected(raw.origin, raw.text)
        notices = ()
        if naive and options.tz is None:
            notices = (no_offset(raw.origin),)
        if raw.origin.line == plan.notice_line:
            notices += _unknown_columns(raw.origin, plan.unknown, part.object)
        return (quick_sourced(record, raw.origin, SOURCE, part.object, key, notices),)

    def _part(self, source: Source, reading: Reading, options: Options) -> Part:
        object_name, is_table = _object_of(source.name) or (None, False)
        if object_name is None:
            raise InputError(
                "this name is none of the canonical files",
                file=source.name,
                remedy=f"name it after what it holds: {self.files}",
            )
        if is_table:
            with source.open() as stream:
                header = read_header(stream, source.name)
            columns = tuple(column.lower() for column in header.columns)
            line = header.line
        else:
            header, line = None, 1
            heads = islice(read_objects(source), _PREVIEW)
            seen = [cast("dict[str, object]", raw.cells) for raw in heads if isinstance(raw, Raw)]
            columns = tuple(dict.fromkeys(key for cells in seen for key in cells))
        if is_table or columns:
            _check(columns, object_name, source.name, line)
        unknown = tuple(column for column in columns if column not in COLUMNS[object_name])
        pick = None
        if is_table and object_name == "interactions" and set(COLUMNS[object_name]) <= set(columns):
            pick = itemgetter(*map(columns.index, COLUMNS[object_name]))
        part = Part(source, object_name, Plan(header, columns, unknown, reading, pick))
        if header is not None:
            known = [column for column in header.columns if column.lower() not in unknown]
            told = spelling(header, known, zone=options.tz if object_name == "interactions" else None)
            part = replace(part, header=header_text(header.columns, header.delimiter), spelling=told)
        if not unknown:
            return part
        return replace(
            part, plan=replace(cast("Plan", part.plan), notice_line=self._first_kept(part, options))
        )

    def _first_kept(self, part: Part, options: Options) -> int | None:
        for raw in islice(self.read(part, options), _PREVIEW):
            if isinstance(raw, Raw) and isinstance(self.convert(raw, part, options), tuple):
                return raw.origin.line
        return None


def _object_of(name: str) -> tuple[str, bool] | None:
    """What a file holds by its name, and whether it is a table; None for foreign names."""
    base = name.replace("!", "/").rpartition("/")[2].lower()
    stem, _, kind = base.rpartition(".")
    return (stem, kind == "csv") if stem in OBJECTS and kind in {"csv", "jsonl"} else None


def _probe_columns(probe: Probe, *, is_table: bool) -> set[str]:
    try:
        if is_table:
            return {column.lower() for column in read_header(io.BytesIO(probe.head), probe.name).columns}
        first: object = json.loads(probe.head.lstrip(b"\xef\xbb\xbf\r\n\t ").split(b"\n", 1)[0])
    except (InputError, ValueError, RecursionError):
        return set()
    return set(cast("dict[str, object]", first)) if isinstance(first, dict) else set()


def _check(columns: Sequence[str], object_name: str, file: str, line: int) -> None:
    missing = [column for column in REQUIRED[object_name] if column not in columns]
    known = ", ".join(COLUMNS[object_name])
    if missing:
        several = len(columns) == 1 and any(sign in columns[0] for sign in ";\t|")
        raise InputError(
            f"{object_name} needs the column{'s' * (len(missing) > 1)} {', '.join(missing)}, "
            f"and this file has {', '.join(columns)}",
            file=file,
            line=line,
            remedy="save it with commas between the columns"
            if several
            else f"rename the columns to: {known}; or say with --mapping which column is what",
        )
    twice = sorted(
        {column for column in columns if column in COLUMNS[object_name] and columns.count(column) > 1}
    )
    if twice:
        message = f"the column {', '.join(twice)} stands twice in the header"
        raise InputError(message, file=file, line=line, remedy="keep one of them")


def _unknown_columns(origin: Origin, unknown: Sequence[str], object_name: str) -> tuple[Notice, ...]:
    known = ", ".join(COLUMNS[object_name])
    return tuple(
        Notice(origin, "unknown_column", f'the column "{name}" is not read; {object_name} has {known}', name)
        for name in unknown
    )


def _read_objects(part: Part, plan: Plan) -> Iterator[Raw | Rejected]:
    known = frozenset(COLUMNS[part.object])
    for raw in read_objects(part.source, keep_text=not plan.unknown):
        if isinstance(raw, Raw):
            cells = cast("dict[str, object]", raw.cells)
            yield raw if cells.keys() <= known else replace(raw, text=object_text(cells, known))
        else:
            yield raw


def _plain(cells: Mapping[str, object]) -> dict[str, str]:
    """The values of an object as the text that would stand in a CSV."""
    return {key: _as_text(key, value) for key, value in cells.items()}


def _as_text(key: str, value: object) -> str:
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    items = cast("list[object]", value) if isinstance(value, list) else None
    if items is not None and all(isinstance(item, str) and ";" not in item for item in items):
        return ";".join(cast("list[str]", items))
    message = "this is neither text, a number, true or false, nor a list of texts without ;"
    raise Problem("json", message, column=key, remedy="write it as it would stand in the CSV file")
