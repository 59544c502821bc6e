"""Any CSV or workbook by a mapping: which column of which table is what stands in a TOML file, not in code."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import ClassVar, cast

from graphmap.errors import InputError
from graphmap.ingest.protocol import (
    API,
    OBJECTS,
    Converted,
    Match,
    Options,
    Part,
    Probe,
    Proposed,
    Raw,
    Source,
)
from graphmap.ingest.tables import Header, quick_raw, spelling
from graphmap.records import Excluded, Firm, Origin, Rejected, Sourced
from graphmap_importers.cells import Problem, Reading
from graphmap_importers.date_order import AUTO, UndecidedError, date_forms
from graphmap_importers.file_names import is_record_file, is_workbook, table_name
from graphmap_importers.mapping_file import load_mapping
from graphmap_importers.mapping_joins import Lookup, find_joined, header_of, load_lookup, places
from graphmap_importers.mapping_model import MappingFile, Table
from graphmap_importers.mapping_proposal import propose
from graphmap_importers.mapping_rows import Make, key_of, label_of, record_maker
from graphmap_importers.mapping_tables import OWN_FIRM
from graphmap_importers.mapping_values import Value
from graphmap_importers.quick import quick_sourced
from graphmap_importers.record_streams import StreamSource, rows_of, with_streams
from graphmap_importers.redaction import header_text, row_text
from graphmap_importers.rows import no_offset
from graphmap_importers.times import zone
from graphmap_importers.workbooks import column_letters, with_sheets

_PREVIEW = 1000


@dataclass(frozen=True, slots=True)
class Plan:
    """One table of the mapping on one file: what stands where, and the joined files in memory."""

    source: str
    table: Table
    header: Header
    columns: tuple[str, ...]
    places: tuple[int, ...]
    lookups: tuple[Lookup, ...]
    make: Make
    reading: Reading
    says_zone: bool
    own_firm: Firm | None = None
    own_line: int | None = None
    """The first row that is kept: our own firm is told along with it."""


class MappingImporter:
    """Reads CSV files and sheets of workbooks as a mapping says: ``--mapping FILE``, or the name of one that comes along."""

    api: ClassVar[int] = API
    name: ClassVar[str] = "csv-mapping"
    version: ClassVar[int] = 1
    files: ClassVar[str] = (
        "any CSV, workbook (.xlsx, .xls, .xlsb, .ods) or stream of records (.jsonl) that the file given with --mapping names"
    )

    def identify(self, probe: Probe, options: Options) -> Match | None:
        """Files that the mapping names, and no others."""
        if options.mapping is None:
            return None
        mapping = load_mapping(options.mapping)
        base = table_name(probe.name)
        own = (
            {base}
            if not is_workbook(base) and not is_record_file(base)
            else {one for one in mapping.files() if one.startswith(f"{base}!")}
        )
        if not own & mapping.files():
            return None
        kinds = ", ".join(table.kind for table in mapping.tables if table.file in own) or "lookup"
        return Match(1.0, f"{mapping.source} {kinds}")

    def plan(self, sources: Sequence[Source], options: Options) -> list[Part]:
        """One part per table and file; an InputError names the column or the joined file that is missing."""
        if options.mapping is None:
            return []
        mapping = load_mapping(options.mapping)
        named = [(table.file, table.form.decimal) for table in mapping.tables]
        named += [(file, ".") for file in sorted(mapping.files())]
        sources = with_streams(with_sheets(sources, named), named)
        parts = [
            _part(mapping, table, source, sources, options)
            for kind in OBJECTS
            for table in mapping.tables
            if table.kind == kind
            for source in sources
            if table_name(source.name) == table.file
        ]
        if mapping.own_firm is not None:
            self._tell_own_firm(parts, mapping.own_firm, options)
        return parts

    def propose(self, sources: Sequence[Source]) -> Proposed:
        """A mapping for tables that nobody knows, by their columns and what stands in them."""
        return propose(sources)

    def read(self, part: Part, options: Options) -> Iterator[Raw | Rejected]:
        """The rows with the columns the mapping needs, joined ones included; no other column is handed on.

        With ``distinct`` the further rows of a key come without cells, so that they are counted and not read. So do records of
        a stream that came again later: streams tell every change, and the last one counts.
        """
        plan = cast("Plan", part.plan)
        rows = _rows(part, plan)
        if plan.table.distinct:
            return self._once(rows, plan, part, options)
        return _newest(rows, _rows(part, plan), plan) if isinstance(part.source, StreamSource) else rows

    def _once(
        self, rows: Iterator[Raw | Rejected], plan: Plan, part: Part, options: Options
    ) -> Iterator[Raw | Rejected]:
        key_in = key_of(plan.table.key)
        seen: set[str] = set()
        for raw in rows:
            if isinstance(raw, Raw):
                key = key_in(cast("dict[str, str]", raw.cells))
                if key in seen:
                    yield Raw(raw.origin, raw.end, {})
                    continue
                # A first row that is set aside must not take the others with it.
                if key and isinstance(self.convert(raw, part, options), tuple):
                    seen.add(key)
            yield raw

    def convert(self, raw: Raw, part: Part, options: Options) -> Converted:
        """One record (our own firm beside the first), or why not."""
        del options  # all that counts here is in the plan
        plan = cast("Plan", part.plan)
        table, cells = plan.table, cast("dict[str, str]", raw.cells)
        if not cells:
            return Excluded(raw.origin, "same_key" if table.distinct else "superseded")
        if table.where and not all(condition.holds(cells) for condition in table.where):
            return Excluded(raw.origin, "not_selected")
        try:
            key, (record, _, naive) = plan.make(cells, plan.reading)
        except Problem as problem:
            labels = "" if problem.column is None else label_of(table, problem.column)
            problem.column = labels or None
            return problem.rejected(_in_sheet(raw.origin, plan, labels), raw.text)
        notices = (no_offset(raw.origin),) if naive and not plan.says_zone else ()
        done = (quick_sourced(record, raw.origin, plan.source, table.object, key, notices),)
        if plan.own_firm is None or raw.origin.line != plan.own_line:
            return done
        return (Sourced(plan.own_firm, raw.origin, plan.source, OWN_FIRM, plan.own_firm.id), *done)

    def _tell_own_firm(self, parts: list[Part], firm: Firm, options: Options) -> None:
        for number, part in enumerate(parts):
            if part.object == "interactions":  # a firm is master data and travels with master data
                return
            for raw in islice(self.read(part, options), _PREVIEW):
                if isinstance(raw, Raw) and isinstance(self.convert(raw, part, options), tuple):
                    plan = replace(cast("Plan", part.plan), own_firm=firm, own_line=raw.origin.line)
                    parts[number] = replace(part, plan=plan)
                    return


def _newest(
    rows: Iterator[Raw | Rejected], again: Iterator[Raw | Rejected], plan: Plan
) -> Iterator[Raw | Rejected]:
    """The rows, those without cells whose key comes ``again`` further down."""
    key_in = key_of(plan.table.key)
    last: dict[str, int] = {}
    for number, raw in enumerate(again):
        if isinstance(raw, Raw) and (key := key_in(cast("dict[str, str]", raw.cells))):
            last[key] = number
    for number, raw in enumerate(rows):
        if isinstance(raw, Raw):
            key = key_in(cast("dict[str, str]", raw.cells))
            yield Raw(raw.origin, raw.end, {}) if last.get(key, number) > number else raw
        else:
            yield raw


DATES = ("at", "valid_from", "valid_to", "opened_on", "close_on", "renewal_on")
"""The canonical columns that hold a date or a time."""


def _part(
    mapping: MappingFile, table: Table, source: Source, sources: Sequence[Source], options: Options
) -> Part:
    form = table.form
    if "!" in table.file and form.date_format:
        # Cells that a spreadsheet knows as dates come in ISO form, whatever is typed into the others.
        form = replace(form, date_format=("iso", *form.date_format))
    header = header_of(source, form)
    needed = tuple(dict.fromkeys(table.columns()))
    own = tuple(column for column in needed if not _is_joined(column, table, header))
    lookups = tuple(
        load_lookup(
            join,
            find_joined(join, mapping.path, source, sources),
            [column for column in needed if column.startswith(join.prefix) and column not in own],
            form,
        )
        for join in table.joins
    )
    tz = options.tz or form.tz
    reading = Reading(zone(tz), form.date_format, form.decimal)
    at = places(source, header, own)
    make = record_maker(table, mapping.source)
    plan = Plan(mapping.source, table, header, own, at, lookups, make, reading, tz is not None)
    told = spelling(header, own, dates=_written(form.date_format), zone=tz)
    part = Part(source, table.kind, plan, header_text(header.columns, header.delimiter), told)
    if AUTO not in form.date_format:
        return part
    try:
        forms = date_forms(_dates(part, plan))
    except UndecidedError as undecided:
        shown = " and ".join(f'"{text}"' for text in undecided.shown)
        raise InputError(
            f"the order of day and month is not clear: {undecided} ({shown})",
            file=source.name,
            remedy='write it into the mapping: date_format = "%d/%m/%Y" (day first) or "%m/%d/%Y" (month first)',
        ) from undecided
    others = tuple(one for one in form.date_format if one != AUTO)
    reading = replace(reading, date_format=(*forms, *others))
    told = replace(told, dates=_written(forms))
    return replace(part, plan=replace(plan, reading=reading), spelling=told)


def _written(forms: Sequence[str]) -> str | None:
    """How dates are read, the likeliest form first; None where they can only be ISO."""
    return next((form for form in forms if form not in ("iso", AUTO)), None)


def _dates(part: Part, plan: Plan) -> Iterator[str]:
    """Every date of the file, before anything is decided about it."""
    fields = [field for name in DATES if isinstance(field := plan.table.fields.get(name), Value)]
    for raw in _rows(part, plan):
        if isinstance(raw, Raw):
            cells = cast("dict[str, str]", raw.cells)
            yield from (field.fill(cells) for field in fields)


def _in_sheet(origin: Origin, plan: Plan, labels: str) -> Origin:
    """The place of a cell, or of a row, as a spreadsheet shows it."""
    if (
        not is_workbook(plan.table.file.partition("!")[0])
        or origin.line is None
        or "!" not in plan.table.file
    ):
        return origin
    sheet = plan.table.file.partition("!")[2]
    columns = plan.header.columns
    letters = next((column_letters(columns.index(one)) for one in labels.split(", ") if one in columns), "")
    return Origin(origin.file, origin.line, f"{sheet}!{letters}{origin.line}")


def _is_joined(column: str, table: Table, header: Header) -> bool:
    return column not in header.columns and any(column.startswith(join.prefix) for join in table.joins)


def _rows(part: Part, plan: Plan) -> Iterator[Raw | Rejected]:
    places, columns, lookups, delimiter = plan.places, plan.columns, plan.lookups, plan.header.delimiter
    kept = [place in places for place in range(len(plan.header.columns))]
    whole = all(kept)
    dropped = [place for place, keep in enumerate(kept) if not keep]
    for raw in rows_of(part.source, plan.header, keep_text=whole):
        if not isinstance(raw, Raw):
            yield raw
            continue
        found: list[str] = raw.cells  # pyright: ignore[reportAssignmentType] - what rows_of yields
        cells: dict[str, object] = dict(zip(columns, [found[place] for place in places], strict=True))
        for lookup in lookups:
            lookup.extend(cells)  # pyright: ignore[reportArgumentType] - all of them are texts
        text = raw.text
        if (
            text is None
        ):  # columns that nobody imports; the line of a stream holds more than the record's own fields, too
            for place in dropped:
                found[place] = ""
            text = row_text(found, delimiter)
        yield quick_raw(raw.origin, raw.end, cells, text)
