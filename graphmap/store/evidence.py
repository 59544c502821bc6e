"""Dated interactions: the evidence behind a tie, an account or a person."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from graphmap.records import ROLES_ON_NO_SIDE
from graphmap.store.graphstore import GraphStore


@dataclass(frozen=True, slots=True)
class Evidence:
    """One interaction with its participants: (person or firm id, name, side, what it is, value, role).

    Side: ours, theirs, or neither where no firm of theirs is known on that day. What it is: the kind of the
    identity; the address of a group is a ``channel`` of ours or an ``account`` of theirs.
    """

    id: str
    kind: str
    at: int
    direction: str | None
    participants: tuple[tuple[str, str, str, str, str, str], ...]


def _anchor(key: str, person: str) -> tuple[str, str]:
    """How to reach interactions from one end: a person, or an account's unnamed contact (account:ID) with the account's addresses."""
    if person.startswith("account:"):
        return f"(:Firm {{id: ${key}}})-[:KNOWN_AS]->(:Identity)", person.removeprefix("account:")
    return f"(:Person {{id: ${key}}})-[:KNOWN_AS]->(:Identity)", person


def of_tie(store: GraphStore, account: str, rep: str, contact: str, limit: int) -> list[Evidence]:
    """The newest interactions of a rep (or FIRM) and a contact that concern the account."""
    start, value = _anchor("contact", contact)
    # Behind the firm itself stand its channels and the addresses of its groups.
    end = "(:Firm {kind: 'own'})" if rep == "FIRM" else "(:Person {id: $rep})"
    text = (
        f"MATCH {start}-[t:TOOK_PART]->(i:Interaction)<-[u:TOOK_PART]-(:Identity)<-[:KNOWN_AS]-{end} "
        "WHERE NOT t.role IN $out AND NOT u.role IN $out WITH DISTINCT i "
        "MATCH (i)-[:ABOUT]->(:Firm {id: $account}) RETURN DISTINCT i.id, i.at ORDER BY i.at DESC, i.id LIMIT $limit"
    )
    rows = store.read(text, contact=value, rep=rep, account=account, limit=limit, out=list(ROLES_ON_NO_SIDE))
    return details(store, [str(row[0]) for row in rows])


def of_person_at(store: GraphStore, account: str, person: str, limit: int) -> list[Evidence]:
    """The newest interactions of one person that concern the account."""
    start, value = _anchor("person", person)
    if person == "FIRM":  # from the account's side: everything that ever ran through the firm is much more
        pattern = "(:Firm {id: $account})<-[:ABOUT]-(i:Interaction)<-[:TOOK_PART]-(:Identity)<-[:KNOWN_AS]-(:Firm {kind: 'own'})"
    else:
        pattern = f"{start}-[:TOOK_PART]->(i:Interaction)-[:ABOUT]->(:Firm {{id: $account}})"
    text = f"MATCH {pattern} RETURN DISTINCT i.id, i.at ORDER BY i.at DESC, i.id LIMIT $limit"
    rows = store.read(text, person=value, account=account, limit=limit)
    return details(store, [str(row[0]) for row in rows])


def of_account(store: GraphStore, account: str, limit: int) -> list[Evidence]:
    """The newest interactions that concern an account."""
    rows = store.read(
        "MATCH (:Firm {id: $account})<-[:ABOUT]-(i:Interaction) RETURN i.id, i.at ORDER BY i.at DESC, i.id LIMIT $limit",
        account=account, limit=limit,
    )  # fmt: skip
    return details(store, [str(row[0]) for row in rows])


def of_person(
    store: GraphStore, person: str, limit: int, accounts: Sequence[str] | None = None
) -> list[Evidence]:
    """The newest interactions of a person; ``accounts``: only those that concern one of these."""
    concern = (
        "" if accounts is None else "WITH DISTINCT i MATCH (i)-[:ABOUT]->(f:Firm) WHERE f.id IN $accounts "
    )
    rows = store.read(
        f"MATCH (:Person {{id: $person}})-[:KNOWN_AS]->(:Identity)-[:TOOK_PART]->(i:Interaction) {concern}"
        "RETURN DISTINCT i.id, i.at ORDER BY i.at DESC, i.id LIMIT $limit",
        person=person, limit=limit, accounts=list(accounts or ()),
    )  # fmt: skip
    return details(store, [str(row[0]) for row in rows])


def details(store: GraphStore, ids: list[str]) -> list[Evidence]:
    """Interactions with participants, in the order of ``ids``."""
    rows = store.read(
        "UNWIND $ids AS id MATCH (i:Interaction {id: id})<-[t:TOOK_PART]-(x:Identity) OPTIONAL MATCH (x)<-[:KNOWN_AS]-(p) "
        "RETURN i.id, i.kind, i.at, i.direction, t.place, coalesce(p.id, ''), coalesce(p.name, ''), "
        "x.kind, x.value, t.role, coalesce(p.kind, '')",
        ids=ids,
    )
    works = _affiliations(store, sorted({str(row[5]) for row in rows if row[5]}))
    heads: dict[str, tuple[str, int, str | None]] = {}
    people: dict[str, list[tuple[int, tuple[str, str, str, str, str, str]]]] = {}
    for i, kind, at, direction, place, who, name, identity_kind, value, role, firm in rows:
        heads[str(i)] = (str(kind), int(str(at)), None if direction is None else str(direction))
        # Only a firm has a kind: behind an address of a group stands the firm itself, ours as a channel, theirs as somebody unnamed.
        on = {str(firm)} if firm else _firms_on(works.get(str(who), ()), int(str(at)))
        own = "own" in on
        side = "ours" if identity_kind == "channel" or own else "theirs" if on else "neither"
        stands = (
            str(identity_kind) if not firm or identity_kind != "mail" else "channel" if own else "account"
        )
        entry = (str(who), str(name), side, stands, str(value), str(role))
        people.setdefault(str(i), []).append((int(str(place)), entry))
    return [Evidence(i, *heads[i], tuple(entry for _, entry in sorted(people[i]))) for i in ids if i in heads]


_Spans = Sequence[tuple[str, str, str]]


def _affiliations(store: GraphStore, ids: list[str]) -> dict[str, _Spans]:
    """Where these people worked: kind of the firm, first day and first day after, empty = open."""
    rows = store.read(
        "UNWIND $ids AS id MATCH (p:Person {id: id})-[w:WORKS_AT]->(f:Firm) "
        "RETURN p.id, collect([f.kind, coalesce(w.valid_from, ''), coalesce(w.valid_to, '')])",
        ids=ids,
    )
    return {
        str(i): [(str(kind), str(a), str(b)) for kind, a, b in spans]
        for i, spans in rows
        if isinstance(spans, list)
    }


def _firms_on(spans: _Spans, at: int) -> set[str]:
    day = (datetime.date(1970, 1, 1) + datetime.timedelta(days=at // 86_400_000)).isoformat()
    return {kind for kind, start, end in spans if (not start or start <= day) and (not end or day < end)}
