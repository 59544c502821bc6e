"""One person of several records: rows and addresses become mentions, clusters of mentions become people."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from graphmap.ingest.resolution.keys import mail_key as comparable
from graphmap.ingest.resolution.matching import resolve_people
from graphmap.ingest.resolution.mentions import HumanDecision, Mention, Ref, Resolution
from graphmap.ingest.resolution.role_addresses import is_group_name
from graphmap.records import DisplayName, MasterRecord, Person

SEEN = "seen"
"""The source of an address that took part in something and that no row lists."""

LISTS = frozenset({"canonical", "csv-mapping"})
"""Importers whose ids were chosen by the user: every row of one source is a person of its own, whatever it looks like."""

JOINED, APART = "joined", "apart"
"""The two kinds of decisions about who is who."""


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A row of people with what is known of it beside the record: its key, source and importer, and its firm as resolved."""

    key: str
    source: str
    importer: str
    record: Person
    firm: str | None
    ours: bool | None


def is_needed(rows: Iterable[tuple[str, MasterRecord]]) -> bool:
    """Whether anything but lists with ids of the user's own speaks of people: only then records are compared.

    ``rows``: importer and record. What canonical files say of people holds as they say it.
    """
    return any(
        importer not in LISTS and isinstance(record, Person | DisplayName) for importer, record in rows
    )


def compare(
    rows: Sequence[PersonRow],
    seen: Iterable[str],
    names: Mapping[str, str],
    firm_at: Callable[[str], tuple[str | None, bool | None]],
    decisions: Iterable[HumanDecision],
) -> Resolution:
    """Who is one person among rows and ``seen`` addresses (identity keys ``mail:...``).

    ``names``: under which name an address was seen, by identity key. ``firm_at``: the firm that has the domain of an address and
    whether it is ours.
    """
    listed = {comparable(address) for row in rows for address in row.record.emails}
    mentions = [_of_row(row, firm_at) for row in rows]
    mentions += [_of_address(key, names, firm_at) for key in seen if comparable(key) not in listed]
    return resolve_people(mentions, decisions)


def _of_row(row: PersonRow, firm_at: Callable[[str], tuple[str | None, bool | None]]) -> Mention:
    record = row.record
    firm, ours = row.firm, row.ours
    for address in record.emails:
        if firm is None:
            firm, ours = firm_at(address)
    return Mention(
        source=row.source,
        record=row.key,
        name=record.name,
        mails=record.emails,
        links=record.links,
        ids=tuple(f"id:{one}" for one in (record.id, *record.aliases)),
        firm=firm,
        firm_name=record.firm_name,
        title=record.title,
        phones=record.phones,
        ours=ours,
        listed=f"{row.importer}:{row.source}" if row.importer in LISTS else None,
    )


def _of_address(
    key: str, names: Mapping[str, str], firm_at: Callable[[str], tuple[str | None, bool | None]]
) -> Mention:
    address = key.removeprefix("mail:")
    firm, ours = firm_at(address)
    name = names.get(key, "")
    group = is_group_name(name)
    return Mention(SEEN, key, name, mails=(address,), firm=firm, ours=ours, group=group)


def id_of(members: Sequence[Ref], rows: Mapping[str, PersonRow]) -> str:
    """The id of a cluster's person: of a list of the user's own first, then of other rows, then an address; the smallest as text."""
    found = [
        (0 if row.importer in LISTS else 1, row.record.id)
        for source, record in members
        if source != SEEN and (row := rows[record])
    ]
    return min(found)[1] if found else min(record.removeprefix("mail:") for _, record in members)
