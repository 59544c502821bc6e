"""LinkedIn's Connections.csv: the people somebody is connected with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import ClassVar, cast

from graphmap.ingest.protocol import API, Converted, Match, Options, Part, Probe, Raw, Source
from graphmap.records import Excluded, Rejected, Sourced
from graphmap_importers.contact_keys import keys_before
from graphmap_importers.contact_records import cleaned, hashed, person
from graphmap_importers.contact_tables import Table, part_of, rows, table
from graphmap_importers.profile_links import is_company_link, profile_link

SOURCE = "linkedin"

_COLUMNS = {"first name", "last name", "url", "email address", "company", "position", "connected on"}
_FIRST = ("first name",)


class LinkedinImporter:
    """Reads Connections.csv, alone, in a folder or in the archive that LinkedIn gives out."""

    api: ClassVar[int] = API
    name: ClassVar[str] = "linkedin"
    version: ClassVar[int] = 1
    files: ClassVar[str] = "Connections.csv of LinkedIn's data archive"

    def identify(self, probe: Probe, options: Options) -> Match | None:
        """By the columns of its header, which may stand below some notes."""
        del options
        head = probe.head.decode("utf-8", "replace").lower()
        lines = (
            line.strip().replace('"', "").replace(";", ",").replace("\t", ",")
            for line in head.splitlines()[:40]
        )
        for line in lines:
            columns = {column.strip() for column in line.split(",")}
            if {"first name", "last name", "connected on"} <= columns:
                return Match(0.95, "LinkedIn connections")
        return None

    def plan(self, sources: Sequence[Source], options: Options) -> list[Part]:
        """One part per file; who stands in several files is told with the first of them."""
        del options
        ordered = sorted(sources, key=lambda source: source.name)
        tables = {source.name: table(source, _COLUMNS.__contains__, _FIRST) for source in ordered}
        before = keys_before(ordered, lambda source: _keys(source, tables[source.name]))
        return [
            part_of(source, replace(tables[source.name], earlier=before[source.name])) for source in ordered
        ]

    def read(self, part: Part, options: Options) -> Iterator[Raw | Rejected]:
        """The rows below the header."""
        del options
        found = cast("Table", part.plan)
        seen = found.earlier.copy()
        for raw in rows(part.source, found):
            if isinstance(raw, Raw):
                cells = cast("dict[str, object]", raw.cells)
                key = _key(cast("dict[str, str]", cells))
                cells["(key)"], cells["(again)"] = key, key in seen
                seen.add(key)
            yield raw

    def convert(self, raw: Raw, part: Part, options: Options) -> Converted:
        """A person, or why not."""
        del part, options
        marks = cast("dict[str, object]", raw.cells)
        cells = cast("dict[str, str]", raw.cells)
        if is_company_link(cells.get("url", "")):
            return Excluded(raw.origin, "company")
        if not name_of(cells):
            return Excluded(raw.origin, "nameless")
        if marks["(again)"]:
            return Excluded(raw.origin, "same_person")
        key, link = cells["(key)"], profile_link(cells.get("url", ""))
        record = person(
            SOURCE,
            key,
            names=[name_of(cells)],
            emails=[cells.get("email address", "")],
            firm_name=cells.get("company", ""),
            title=cells.get("position", ""),
            links=[] if link is None else [link],
        )
        assert record is not None  # it has a name
        return (Sourced(record, raw.origin, SOURCE, "Connections", key),)


def name_of(cells: dict[str, str]) -> str:
    """First and last name without what stands behind a comma (degrees, certificates) and without ``undefined``.

    >>> name_of({"first name": "Ann", "last name": "Ode, PhD, DipWSET"}), name_of({"first name": "Bo", "last name": "undefined"})
    ('Ann Ode', 'Bo')
    """
    parts = (cleaned(cells.get(column, "").partition(",")[0]) for column in ("first name", "last name"))
    return " ".join(part for part in parts if part)


def _key(cells: dict[str, str]) -> str:
    """The profile; in older files without one a hash of name and day of connection, which do not change."""
    link = profile_link(cells.get("url", ""))
    if link is not None:
        return link
    return hashed(cells.get("first name", ""), cells.get("last name", ""), cells.get("connected on", ""))


def _keys(source: Source, found: Table) -> Iterator[str]:
    return (_key(cast("dict[str, str]", raw.cells)) for raw in rows(source, found) if isinstance(raw, Raw))
