"""Records of master data as JSON and back, with a hash of their content."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import fields

from graphmap.ingest.master import MasterRow
from graphmap.records import (
    Affiliation,
    Bounce,
    DisplayName,
    Firm,
    Interaction,
    MasterRecord,
    Opportunity,
    OpportunityRole,
    Person,
    Record,
    TeamRole,
)
from graphmap.store.masterrows import StoredRow

_CLASSES: dict[str, Callable[..., MasterRecord]] = {
    "firms": Firm,
    "people": Person,
    "affiliations": Affiliation,
    "opportunities": Opportunity,
    "opportunity_roles": OpportunityRole,
    "account_team": TeamRole,
    "display_names": DisplayName,
    "bounces": Bounce,
}
KIND_OF: dict[type[Record], str] = {
    Firm: "firms",
    Person: "people",
    Affiliation: "affiliations",
    Opportunity: "opportunities",
    OpportunityRole: "opportunity_roles",
    TeamRole: "account_team",
    DisplayName: "display_names",
    Bounce: "bounces",
}


def payload(record: MasterRecord) -> str:
    """Canonical JSON of what the record says; unknown fields are left out.

    >>> payload(Firm("a", "Acme", domains=("a.example",)))
    '{"domains":["a.example"],"id":"a","name":"Acme"}'
    """
    # Records are flat, so nothing needs the deep copies of dataclasses.asdict: they were a fifth of an import's time.
    values = {f.name: getattr(record, f.name) for f in fields(record)}
    values = {k: v for k, v in values.items() if v is not None and v != ()}
    return json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def record_of(kind: str, text: str) -> MasterRecord:
    """The record that a payload says.

    >>> record_of("firms", '{"domains":["a.example"],"id":"a","name":"Acme"}').domains
    ('a.example',)
    """
    values = json.loads(text)
    return _CLASSES[kind](**{k: tuple(v) if isinstance(v, list) else v for k, v in values.items()})


def master_row(stored: StoredRow) -> MasterRow:
    """A stored version as a record again."""
    record = record_of(stored.kind, stored.payload)
    source_id = stored.key.split("|", 2)[2]
    return MasterRow(
        stored.key,
        stored.source,
        stored.object,
        source_id,
        stored.ordinal,
        record,
        stored.importer,
        stored.closed,
    )


def row_hash(text: str) -> str:
    """Hash of a payload."""
    return hashlib.blake2b(text.encode(), digest_size=12).hexdigest()


def interaction_hash(record: Interaction) -> str:
    """Hash of everything an interaction says; nothing volatile, no file name, addresses without case."""
    parts = [str(record.at), record.kind, record.direction or "", record.thread or ""]
    for role, who in record.participants:
        parts += (role, who.lower() if "@" in who else who)
    return hashlib.blake2b("\x1f".join(parts).encode(), digest_size=12).hexdigest()
