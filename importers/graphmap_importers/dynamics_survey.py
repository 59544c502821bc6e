"""What the files of Dynamics 365 say together: who took part in an activity, which ids are people, what was merged."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from graphmap.records import Firm, Rejected
from graphmap_importers.cells import Problem
from graphmap_importers.crm_relations import Relations
from graphmap_importers.crm_rows import Row
from graphmap_importers.crm_tables import Table, plain_rows
from graphmap_importers.dynamics_shapes import KEYS
from graphmap_importers.mail_addresses import clean_address

SOURCE = "dynamics"
OWN = "dynamics:own"
_GUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_MASKS = {
    "sender": "1", "to recipient": "2", "to": "2", "cc recipient": "3", "cc": "3", "bcc recipient": "4", "bcc": "4",
    "required attendee": "5", "optional attendee": "6", "organizer": "7",
}  # fmt: skip
TOOK_PART = frozenset("1234567")
"""Masks of those who took part; regarding (8), owner (9), resource (10) and the rest did not."""


@dataclass
class Survey:
    """What rows need to know of other files; ids are plain GUIDs.

    ``parties``: by activity, as ``mask who``, who a GUID or an address; ``contacts``, ``users``: whose ids are people;
    ``aliases``: by the record that was kept, those that were merged into it.
    """

    own_firm: Firm
    parties: Relations = field(default_factory=Relations)
    contacts: set[str] = field(default_factory=set[str])
    users: set[str] = field(default_factory=set[str])
    aliases: dict[str, list[str]] = field(default_factory=dict[str, list[str]])


def record_of(guid: str) -> str:
    """The id of a record in the graph; GUIDs are unique in the world.

    >>> record_of("00000000-0000-0000-0000-000000000001")
    'dynamics:00000000-0000-0000-0000-000000000001'
    """
    return f"{SOURCE}:{guid}"


def guid_of(text: str, column: str) -> str:
    """A GUID in lower case without braces; a ``Problem`` where a text is none.

    >>> guid_of("{0AB7C2D0-1111-4222-8333-444455556666}", "accountid")
    '0ab7c2d0-1111-4222-8333-444455556666'
    """
    plain = text.strip().strip("{}").lower()
    if _GUID.fullmatch(plain):
        return plain
    raise Problem(
        "dynamics_id",
        f'"{text[:200]}" is no id of a Dynamics record',
        column=column,
        value=text,
        remedy="export the table with its GUIDs",
    )


def own_guid(row: Row, kind: str) -> str:
    """The row's own id."""
    return guid_of(row.need(KEYS[kind]), KEYS[kind])


def survey(
    tables: Mapping[str, Sequence[Table]], own_domains: Sequence[str]
) -> tuple[Survey, dict[str, list[Rejected]]]:
    """The survey, and rows of parties that could not be joined, told with the first kind of activity there is."""
    found = Survey(Firm(OWN, "Our firm", "own", tuple(one.lower() for one in own_domains)))
    for kind, known in (("contact", found.contacts), ("systemuser", found.users)):
        for row in _good(tables, kind):
            known.add(own_guid(row, kind))
    for kind in ("account", "contact"):
        for row in _good(tables, kind):
            if row["masterid"] and row["merged"].lower() in {"true", "1", "yes"}:
                found.aliases.setdefault(guid_of(row["masterid"], "masterid"), []).append(own_guid(row, kind))
    of = next((one for one in ("email", "appointment", "phonecall") if one in tables), "")
    problems: dict[str, list[Rejected]] = {}
    for row in plain_rows(tables.get("activityparty", ())):
        if isinstance(row, Rejected):
            problems.setdefault(of, []).append(row)
            continue
        try:
            told = _party(row)
            if told:
                found.parties.add(own_guid(row, "activityparty"), told)
        except Problem as problem:
            problems.setdefault(of, []).append(problem.rejected(row.origin, None))
    return found, problems


def _party(row: Row) -> str:
    mask = row["participationtypemask"].lower()
    mask = _MASKS.get(mask, mask)
    if mask not in TOOK_PART:
        return ""
    kind = row.first("partyidtype", "partyobjecttypecode").lower()
    address = clean_address(row["addressused"]) or ""
    if row["partyid"] and kind in {"", "contact", "systemuser", "2", "8"}:
        return f"{mask} {guid_of(row['partyid'], 'partyid')} {address}".strip()
    # A queue, an account or nobody known: whoever has the address.
    return f"{mask} - {address}" if address else ""


def _good(tables: Mapping[str, Sequence[Table]], kind: str) -> Iterator[Row]:
    """The rows that can be read; the others are told where they are converted."""
    for row in plain_rows(tables.get(kind, ())):
        if isinstance(row, Row):
            try:
                own_guid(row, kind)
                if row["masterid"]:
                    guid_of(row["masterid"], "masterid")
            except Problem:
                continue
            yield row
