"""What records say that asks for a look at a person: titles that changed, addresses that a mail came back from."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass

from graphmap.store.graphstore import GraphStore


@dataclass(frozen=True, slots=True)
class TitleChange:
    """A row about a person that gave another title in its newest version; ``at`` when that was imported, epoch ms."""

    person: str
    source: str
    before: str
    after: str
    at: int


def title_changes(store: GraphStore, since: int) -> list[TitleChange]:
    """Rows whose title another import changed, ``since`` (epoch ms) or later, the newest first."""
    began = {
        str(run): int(str(at))
        for run, at in store.read(
            "MATCH (r:Run {kind: 'import'}) WHERE r.started_at >= $since RETURN r.id, r.started_at",
            since=since,
        )
    }
    rows = store.read(
        "UNWIND $runs AS run MATCH (x:Record {run: run})-[:STATES]->(p:Person) WHERE x.kind IN ['people', 'affiliations'] "
        "RETURN p.id, x.key, x.source, x.run, x.payload ORDER BY x.ordinal",
        runs=sorted(began),
    )
    newest = {
        str(key): (str(who), str(source), str(run), _title(text)) for who, key, source, run, text in rows
    }
    older: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for key, run, ordinal, text in store.read(
        "UNWIND $keys AS key MATCH (x:Record {key: key}) RETURN x.key, x.run, x.ordinal, x.payload",
        keys=sorted(newest),
    ):
        if str(run) != newest[str(key)][2]:
            older[str(key)].append((int(str(ordinal)), _title(text)))
    found = [
        TitleChange(who, source, before, after, began[run])
        for key, (who, source, run, after) in newest.items()
        if (before := max(older[key], default=(0, ""))[1]) and after and before != after
    ]
    return sorted(found, key=lambda one: (-one.at, one.person, one.source))


def _title(text: object) -> str:
    return str(json.loads(str(text)).get("title") or "").strip()


def returned(store: GraphStore) -> dict[str, tuple[str, ...]]:
    """Address -> the ISO days on which mails to it came back."""
    days: dict[str, set[str]] = defaultdict(set)
    for (text,) in store.read("MATCH (x:Record) WHERE x.kind = 'bounces' RETURN x.payload"):
        said = json.loads(str(text))
        days[str(said["address"]).lower()].add(str(said["day"]))
    return {address: tuple(sorted(some)) for address, some in sorted(days.items())}


def people_of_addresses(store: GraphStore, addresses: list[str]) -> dict[str, str]:
    """Address -> the person known by it who still works at the firm with its domain."""
    rows = store.read(
        "UNWIND $addresses AS address MATCH (x:Identity {key: 'mail:' + address})<-[:KNOWN_AS]-(p:Person)-[w:WORKS_AT]->(f:Firm) "
        "WHERE w.valid_to IS NULL RETURN address, p.id, coalesce(f.domains, [])",
        addresses=addresses,
    )
    return {
        str(address): str(person)
        for address, person, domains in rows
        if isinstance(domains, list) and str(address).rpartition("@")[2] in domains
    }
