"""What the files of HubSpot say together: owners by name, companies by domain and by merged id, associations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from graphmap.records import Firm, Rejected
from graphmap_importers.cells import PLAIN, Problem, Reading
from graphmap_importers.crm_relations import Relations
from graphmap_importers.crm_rows import Row
from graphmap_importers.crm_tables import Table, plain_rows
from graphmap_importers.hubspot_shapes import KEYS
from graphmap_importers.web_domains import web_domains

SOURCE = "hubspot"
OWN = "hubspot:own"


@dataclass
class Survey:
    """What rows need to know of other files; ids are those of the graph.

    ``owners``: owner by full name (None: two have it); ``companies``: by domain (None: two have it); ``merged``: company ids
    that became another; ``contacts_of``, ``companies_of``: by the id of an engagement or of a deal.
    """

    own_firm: Firm
    reading: Reading = PLAIN
    tell_naive: bool = True
    owners: dict[str, str | None] = field(default_factory=dict[str, str | None])
    companies: dict[str, str | None] = field(default_factory=dict[str, str | None])
    merged: dict[str, str] = field(default_factory=dict[str, str])
    contacts_of: Relations = field(default_factory=Relations)
    companies_of: Relations = field(default_factory=Relations)


def record_of(kind: str, number: str) -> str:
    """The id of a record in the graph; numbers of HubSpot are unique only within a kind.

    >>> record_of("contact", "101")
    'hubspot:contact:101'
    """
    return f"{SOURCE}:{kind}:{number}"


def own_number(row: Row, kind: str) -> str:
    """The number of the row's own record."""
    column = KEYS.get(kind, "id") if not row["id"] else "id"
    return number_of(row.need(column), column)


def number_of(text: str, column: str) -> str:
    """A record's number; a ``Problem`` where a text is none."""
    plain = text.strip().removesuffix(".0")
    if plain.isascii() and plain.isdecimal() and len(plain) < 25:
        return plain
    raise Problem(
        "hubspot_id",
        f'"{text[:200]}" is no number of a HubSpot record',
        column=column,
        value=text,
        remedy="export the file again, and do not open it in a spreadsheet",
    )


def numbers(row: Row, *columns: str) -> list[str]:
    """The numbers in some cells, with semicolons or commas between them, each once."""
    found: dict[str, None] = {}
    for column in columns:
        for text in row[column].replace(",", ";").split(";"):
            if text.strip():
                found[number_of(text, column)] = None
    return list(found)


def full_name(row: Row) -> str:
    """First and last name."""
    return f"{row['firstname']} {row['lastname']}".strip()


def survey(
    tables: Mapping[str, Sequence[Table]], own_domains: Sequence[str], reading: Reading, *, zone_given: bool
) -> tuple[Survey, dict[str, list[Rejected]]]:
    """The survey, and the rows that could not be joined by the kind of file they belong to."""
    warehouse = any(
        column.startswith(("property_", "_fivetran"))
        for many in tables.values()
        for one in many
        for column in _header(one)
    )
    found = Survey(
        Firm(OWN, "Our firm", "own", tuple(one.lower() for one in own_domains)),
        reading,
        tell_naive=not zone_given and not warehouse,
    )
    problems: dict[str, list[Rejected]] = {}
    for row in _good(tables, "owner"):
        _once(found.owners, full_name(row).lower(), record_of("owner", own_number(row, "owner")))
    for row in _good(tables, "company"):
        number = own_number(row, "company")
        for domain in {*web_domains(row["domain"]), *web_domains(row["website"])}:
            _once(found.companies, domain, record_of("company", number))
        for other in numbers(row, "hs_merged_object_ids"):
            found.merged[record_of("company", other)] = record_of("company", number)
    for kind, end in (
        ("engagement_contact", "contact"), ("engagement_company", "company"), ("deal_contact", "contact"), ("deal_company", "company"),
    ):  # fmt: skip
        begin, _, _ = kind.partition("_")
        relations = found.contacts_of if end == "contact" else found.companies_of
        for row in plain_rows(tables.get(kind, ())):
            of = (
                "deal"
                if begin == "deal"
                else next((one for one in ("email", "meeting", "call") if one in tables), "")
            )
            try:
                if isinstance(row, Row):
                    key = number_of(row.need(f"{begin}_id"), f"{begin}_id")
                    relations.add(f"{begin} {key}", number_of(row.need(f"{end}_id"), f"{end}_id"))
                elif kind != "deal_contact":
                    problems.setdefault(of, []).append(row)
            except Problem as problem:
                if isinstance(row, Row) and kind != "deal_contact":
                    problems.setdefault(of, []).append(problem.rejected(row.origin, None))
    return found, problems


def _header(table: Table) -> Sequence[str]:
    return () if table.header is None else table.header.columns


def _good(tables: Mapping[str, Sequence[Table]], kind: str) -> Iterator[Row]:
    """The rows that can be read; the others are told where they are converted."""
    for row in plain_rows(tables.get(kind, ())):
        if isinstance(row, Row):
            try:
                own_number(row, kind)
                numbers(row, "hs_merged_object_ids")
            except Problem:
                continue
            if row["archived"].lower() not in {"true", "1"}:
                yield row


def _once(found: dict[str, str | None], key: str, value: str) -> None:
    if key:
        found[key] = value if found.get(key, value) == value else None
