"""Everything about one person, for people pages as JSON and for access requests."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import cast

from graphmap.services.times import iso
from graphmap.services.values import PersonPage
from graphmap.store import assessments, evidence, interactions, people, runs
from graphmap.store.decisions import decisions
from graphmap.store.graphstore import GraphStore
from graphmap.store.proposals import proposals


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
    addresses = sorted(key.removeprefix("mail:") for key in keys if key.startswith("mail:"))
    taken = {i: parts for i, (_, parts) in interactions.participants_of(store, sorted(keys)).items()}
    facts = people.person_facts(store, person) or {}
    return {
        "properties": facts.get("properties", {}),
        "identities": sorted(keys),
        "affiliations": [
            {"firm": {"id": firm, "name": name}, "kind": kind, **known}
            for firm, name, kind, known in cast(
                "list[tuple[str, str, str, dict[str, object]]]", facts.get("work", [])
            )
        ],
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
            if d.identity in keys or d.value in keys
        ],
        "proposals": [
            {"with": p.other if p.one == person else p.one, "score": p.score, "reasons": list(p.reasons)}
            for p in proposals(store)
            if person in (p.one, p.other)
        ],
        "set_aside": [
            {
                name: row.get(name)
                for name in ("id", "file", "line", "column", "value", "message", "raw", "state")
            }
            for row in runs.rejected(store, None)
            if any(_mentions(row, address) for address in addresses)
        ],
        "assessments": [
            {"run": run, "account": account, "share": share}
            for run, account, share in assessments.shares_of(store, person)
        ],
        "interactions": [
            {
                "id": one.id,
                "kind": one.kind,
                "at": iso(one.at),
                "direction": one.direction,
                "participants": [{"role": role, "who": who} for role, who in sorted(taken.get(one.id, ()))],
            }
            for one in evidence.of_person(store, person, 1_000_000)
        ],
    }


def _mentions(row: Mapping[str, object], address: str) -> bool:
    return any(address in str(row.get(name) or "").lower() for name in ("value", "raw", "message"))
