"""Contact lists as CSV: Google Contacts in both forms, and Outlook."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, cast

from graphmap.errors import InputError
from graphmap.ingest.protocol import API, Converted, Match, Options, Part, Probe, Raw, Source
from graphmap.ingest.tables import read_header
from graphmap.records import Excluded, Rejected, Sourced
from graphmap_importers.contact_keys import keys_before
from graphmap_importers.contact_records import hashed, person
from graphmap_importers.contact_tables import Cells, Table, part_of, rows, table
from graphmap_importers.profile_links import profile_link


@dataclass(frozen=True, slots=True)
class Layout:
    """One program's columns (in lower case): which mark its header, and which hold what, the best first."""

    marks: tuple[frozenset[str], ...]
    whole_name: tuple[str, ...]
    name_parts: tuple[tuple[str, ...], ...]
    firm: tuple[str, ...]
    title: tuple[str, ...]
    department: tuple[str, ...]
    emails: re.Pattern[str]
    phones: re.Pattern[str]
    links: re.Pattern[str]
    private: tuple[str, ...] = ()
    separator: str | None = None

    def wanted(self, column: str) -> bool:
        """Whether a column is read."""
        plain = (*self.whole_name, *self.firm, *self.title, *self.department, *self.private)
        if column in plain or any(column in parts for parts in self.name_parts):
            return True
        return any(form.fullmatch(column) for form in (self.emails, self.phones, self.links))

    def fits(self, columns: set[str]) -> bool:
        """Whether a header is this program's."""
        return any(mark <= columns for mark in self.marks)


GOOGLE = Layout(
    marks=(
        frozenset({"first name", "last name", "e-mail 1 - value", "labels"}),
        frozenset({"first name", "last name", "organization name", "labels"}),
        frozenset({"name", "given name", "family name", "group membership"}),
        frozenset({"name", "given name", "family name", "e-mail 1 - value"}),
    ),
    whole_name=("name", "file as"),
    name_parts=(
        ("first name", "given name"),
        ("middle name", "additional name"),
        ("last name", "family name"),
    ),
    firm=("organization name", "organization 1 - name"),
    title=("organization title", "organization 1 - title"),
    department=("organization department", "organization 1 - department"),
    emails=re.compile(r"e-mail \d+ - value"),
    phones=re.compile(r"phone \d+ - value"),
    links=re.compile(r"website \d+ - value"),
    separator=" ::: ",
)
OUTLOOK = Layout(
    marks=(
        frozenset({"first name", "last name", "e-mail address", "company"}),
        frozenset({"first name", "last name", "e-mail address", "e-mail 2 address"}),
    ),
    whole_name=("e-mail display name",),
    name_parts=(("first name",), ("middle name",), ("last name",)),
    firm=("company",),
    title=("job title",),
    department=("department",),
    emails=re.compile(r"e-mail (?:\d )?address"),
    phones=re.compile(
        r"(?:business|home|mobile|primary|other|company main) (?:phone|telephone)(?: \d)?|mobile phone"
    ),
    links=re.compile(r"(?:personal |business )?web page|linkedin"),
    private=("private", "sensitivity"),
)


class _ContactsImporter:
    """Reads one program's list of contacts."""

    api: ClassVar[int] = API
    version: ClassVar[int] = 1
    name: ClassVar[str]
    files: ClassVar[str]
    layout: ClassVar[Layout]

    def identify(self, probe: Probe, options: Options) -> Match | None:
        """By the columns of its header."""
        del options
        try:
            header = read_header(
                io.BytesIO(probe.head), probe.name, delimiter=None, encoding=_encoding(probe.head)
            )
        except InputError:
            return None
        columns = {" ".join(column.lower().split()) for column in header.columns}
        return Match(0.95, self.files) if self.layout.fits(columns) else None

    def plan(self, sources: Sequence[Source], options: Options) -> list[Part]:
        """One part per file; who stands in several files is told with the first of them."""
        del options
        ordered = sorted(sources, key=lambda source: source.name)
        tables = {source.name: table(source, self.layout.wanted) for source in ordered}
        before = keys_before(ordered, lambda source: self._keys(source, tables[source.name]))
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
                key = self._key(cast("Cells", cells))
                cells["(key)"], cells["(again)"] = key, key in seen
                seen.add(key)
            yield raw

    def convert(self, raw: Raw, part: Part, options: Options) -> Converted:
        """A person, or why not."""
        del part, options
        layout, marks = self.layout, cast("dict[str, object]", raw.cells)
        cells = cast("Cells", raw.cells)
        if _is_private(cells, layout):
            return Excluded(raw.origin, "private")
        key = cells["(key)"]
        record = person(
            self.name,
            key,
            names=self._names(cells),
            emails=self._all(cells, layout.emails),
            firm_name=self._first(cells, layout.firm),
            title=self._first(cells, layout.title),
            department=self._first(cells, layout.department),
            phones=self._all(cells, layout.phones),
            links=[
                link for text in self._all(cells, layout.links) if (link := profile_link(text)) is not None
            ],
        )
        if record is None:
            return Excluded(raw.origin, "nameless")
        if marks["(again)"]:
            return Excluded(raw.origin, "same_person")
        return (Sourced(record, raw.origin, self.name, "Contacts", key),)

    def _key(self, cells: Cells) -> str:
        """A hash of name and first address (colleagues may share one); without an address of all that tells people apart."""
        name = next((name for name in self._names(cells) if name), "")
        emails = self._all(cells, self.layout.emails)
        if emails:
            return hashed(name, emails[0])
        return hashed(name, self._first(cells, self.layout.firm), *self._all(cells, self.layout.phones))

    def _keys(self, source: Source, found: Table) -> Iterator[str]:
        return (self._key(cast("Cells", raw.cells)) for raw in rows(source, found) if isinstance(raw, Raw))

    def _names(self, cells: Cells) -> list[str]:
        parts = (self._first(cells, columns) for columns in self.layout.name_parts)
        spoken = " ".join(part for part in parts if part)
        whole = self.layout.whole_name
        return [spoken, *(cells.get(column, "") for column in whole)]

    def _first(self, cells: Cells, columns: Sequence[str]) -> str:
        return next((text for column in columns for text in self._values(cells.get(column, "")) if text), "")

    def _all(self, cells: Cells, form: re.Pattern[str]) -> list[str]:
        return [
            text
            for column, cell in cells.items()
            if form.fullmatch(column)
            for text in self._values(cell)
            if text
        ]

    def _values(self, text: str) -> list[str]:
        separator = self.layout.separator
        return [text] if separator is None else [one.strip() for one in text.split(separator)]


class GoogleContactsImporter(_ContactsImporter):
    """Reads the CSV of Google Contacts, of today and as it was before."""

    name: ClassVar[str] = "google-contacts"
    files: ClassVar[str] = "contacts of Google as CSV"
    layout: ClassVar[Layout] = GOOGLE


class OutlookContactsImporter(_ContactsImporter):
    """Reads the CSV of Outlook's contacts."""

    name: ClassVar[str] = "outlook-contacts"
    files: ClassVar[str] = "contacts of Outlook as CSV"
    layout: ClassVar[Layout] = OUTLOOK


def _is_private(cells: Cells, layout: Layout) -> bool:
    told = {cells.get(column, "").lower() for column in layout.private}
    return bool(told & {"true", "private", "confidential", "yes"})


def _encoding(head: bytes) -> str | None:
    # A cut character at the end of the head is no sign of another encoding.
    try:
        head[:-4].decode("utf-8")
    except UnicodeDecodeError:
        return None if head[:2] in (b"\xff\xfe", b"\xfe\xff") else "cp1252"
    return None
