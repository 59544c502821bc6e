"""Human decisions: facts with author and time, stored beside the graph and never overwritten."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from graphmap.store.graphstore import GraphStore


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision. ``kind``: set (a correction about a person), own_domain (a domain is ours), joined or apart (two identities),
    contact_rule (who may be contacted through whom), plan and plan_tick (what is carried out), still_there (somebody looked, and
    the person works where the records say).
    """

    kind: str
    identity: str
    field: str
    value: str
    author: str
    at: int
    reason: str = ""
    withdrawn_at: int | None = None
    expires_at: int | None = None

    @property
    def id(self) -> str:
        """Deterministic: the same decision at the same time is one."""
        text = "\x1f".join((self.kind, self.identity, self.field, self.value, self.author, str(self.at)))
        return "d-" + hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


def decisions(store: GraphStore, *, withdrawn: bool = False) -> list[Decision]:
    """The decisions in force in the order of deciding; with ``withdrawn`` also those that were taken back."""
    rows = store.read(
        "MATCH (d:Decision) RETURN coalesce(d.kind, ''), coalesce(d.identity, ''), coalesce(d.field, ''), coalesce(d.value, ''), "
        "coalesce(d.author, ''), coalesce(d.at, 0), coalesce(d.reason, ''), d.withdrawn_at, d.expires_at ORDER BY d.at, d.id"
    )
    return [
        Decision(
            str(kind), str(identity), str(field), str(value), str(author), int(str(at)), str(reason),
            None if gone is None else int(str(gone)), None if ends is None else int(str(ends)),
        )
        for kind, identity, field, value, author, at, reason, gone, ends in rows
        if withdrawn or gone is None
    ]  # fmt: skip


def withdraw(store: GraphStore, decision: str, author: str, at: int) -> None:
    """Takes a decision back; that it was made stays known."""
    store.write_with(
        lambda w: w.run(
            "MATCH (d:Decision {id: $id}) SET d.withdrawn_at = $at, d.withdrawn_by = $author",
            id=decision,
            at=at,
            author=author,
        )
    )


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
                "expires_at": decision.expires_at,
            },
        )
    )
