"""Human decisions: facts with author and time, stored beside the graph and never overwritten."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from graphmap.store.graphstore import GraphStore


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision. ``kind`` set (a correction about a person) or own_domain (a domain is ours)."""

    kind: str
    identity: str
    field: str
    value: str
    author: str
    at: int
    reason: str = ""

    @property
    def id(self) -> str:
        """Deterministic: the same decision at the same time is one."""
        text = "\x1f".join((self.kind, self.identity, self.field, self.value, self.author, str(self.at)))
        return "d-" + hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


def decisions(store: GraphStore) -> list[Decision]:
    """All decisions in the order of deciding."""
    rows = store.read(
        "MATCH (d:Decision) RETURN coalesce(d.kind, ''), coalesce(d.identity, ''), coalesce(d.field, ''), coalesce(d.value, ''), "
        "coalesce(d.author, ''), coalesce(d.at, 0), coalesce(d.reason, '') ORDER BY d.at, d.id"
    )
    return [
        Decision(str(kind), str(identity), str(field), str(value), str(author), int(str(at)), str(reason))
        for kind, identity, field, value, author, at, reason in rows
    ]


def decide(store: GraphStore, decision: Decision) -> None:
    """Stores a decision; the same one again changes nothing."""
    store.write_with(
        lambda w: w.run(
            "MERGE (d:Decision {id: $id}) SET d += $values",
            id=decision.id,
            values={
                "kind": decision.kind,
                "identity": decision.identity,
                "field": decision.field,
                "value": decision.value,
                "author": decision.author,
                "at": decision.at,
                "reason": decision.reason,
            },
        )
    )
