"""Everything about one person, for people pages as JSON and for access requests."""

from __future__ import annotations

import json

from graphmap.services.times import iso
from graphmap.services.values import PersonPage
from graphmap.store import evidence, people
from graphmap.store.decisions import decisions
from graphmap.store.graphstore import GraphStore


def person_json(page: PersonPage) -> dict[str, object]:
    """A person as JSON."""
    return {
        "id": page.person.id,
        "name": page.person.name,
        "ours": page.ours,
        "title": page.title,
        "department": page.department,
        "emails": list(page.emails),
        "affiliations": [
            {
                "firm": {"id": a.firm.id, "name": a.firm.name}, "title": a.title, "department": a.department,
                "seniority": a.seniority, "valid_from": a.valid_from, "valid_to": a.valid_to,
                "read_from_title": a.read_from_title,
            }
            for a in page.affiliations
        ],
        "ties": [
            {
                "account": {"id": t.account.id, "name": t.account.name}, "other": {"id": t.other.id, "name": t.other.name},
                "strength": t.strength, "active": t.active, "last_at": t.last_at,
            }
            for t in page.ties
        ],
    }  # fmt: skip


def everything_about(store: GraphStore, person: str) -> dict[str, object]:
    """Records, decisions and all interactions of a person, as stored."""
    keys = set(people.keys_of(store, person))
    return {
        "identities": sorted(keys),
        "records": [
            {"source": source, "object": object_, "file": file, "line": line, "content": json.loads(payload)}
            for source, object_, file, line, payload in people.records_of(store, person)
        ],
        "decisions": [
            {
                "id": d.id,
                "kind": d.kind,
                "field": d.field,
                "value": d.value,
                "author": d.author,
                "at": iso(d.at),
                "reason": d.reason,
            }
            for d in decisions(store)
            if d.identity in keys
        ],
        "interactions": [
            {"id": one.id, "kind": one.kind, "at": iso(one.at), "direction": one.direction}
            for one in evidence.of_person(store, person, 1_000_000)
        ],
    }
