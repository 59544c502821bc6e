"""People, firms and affiliations as columns, for scoring and for pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from graphmap.store.graphstore import GraphStore


@dataclass(frozen=True)
class PeopleColumns:
    """Parallel lists of what scoring needs. Text dates are ``YYYY-MM-DD`` or empty; seniority -1 unknown."""

    firm_ids: list[str]
    firm_kinds: list[str]
    person_ids: list[str]
    identity_keys: list[str]
    identity_people: list[str]
    work_people: list[str]
    work_firms: list[str]
    work_from: list[str]
    work_to: list[str]
    work_precedence: list[int]
    work_seniority: list[int]
    owner_firms: list[str]
    owner_people: list[str]
    group_keys: list[str]
    group_firms: list[str]


def people_columns(store: GraphStore) -> PeopleColumns:
    """Everything about who works where, read as one row of lists per kind."""
    firms = _lists(store, "MATCH (f:Firm) RETURN collect(f.id), collect(coalesce(f.kind, 'other'))")
    people = _lists(store, "MATCH (p:Person) RETURN collect(p.id)")
    known = _lists(store, "MATCH (p:Person)-[:KNOWN_AS]->(x:Identity) RETURN collect(x.key), collect(p.id)")
    work = _lists(
        store,
        "MATCH (p:Person)-[w:WORKS_AT]->(f:Firm) RETURN collect(p.id), collect(f.id), collect(coalesce(w.valid_from, '')), "
        "collect(coalesce(w.valid_to, '')), collect(coalesce(w.precedence, 0)), collect(coalesce(w.seniority, -1))",
    )
    owners = _lists(store, "MATCH (f:Firm)<-[:OWNS]-(p:Person) RETURN collect(f.id), collect(p.id)")
    groups = _lists(
        store,
        "MATCH (f:Firm)-[:KNOWN_AS]->(x:Identity) WHERE x.kind IN ['mail', 'account'] RETURN collect(x.key), collect(f.id)",
    )
    return PeopleColumns(*firms, *people, *known, *work, *owners, *groups)  # type: ignore[arg-type]


def _lists(store: GraphStore, text: str) -> list[list[object]]:
    (row, *_) = store.read(text)
    return [column for column in row if isinstance(column, list)]


def names(store: GraphStore) -> dict[str, tuple[str, str | None, str | None]]:
    """Name, title and department of every person."""
    rows = store.read(
        "MATCH (p:Person) RETURN collect(p.id), collect(coalesce(p.name, p.id)), collect(coalesce(p.title, '')), "
        "collect(coalesce(p.department, ''))"
    )
    found: dict[str, tuple[str, str | None, str | None]] = {}
    for ids, called, titles, departments in rows:
        for i, n, t, d in zip(ids, called, titles, departments, strict=True):  # type: ignore[call-overload]
            found[str(i)] = (str(n), str(t) or None, str(d) or None)
    return found


def firms(store: GraphStore) -> list[dict[str, object]]:
    """All firms with their owner (id and name), by id; read as one list, which takes a third of the time of rows."""
    rows = store.read(
        "MATCH (f:Firm) OPTIONAL MATCH (f)<-[:OWNS]-(p:Person) RETURN collect([properties(f), p.id, p.name])"
    )
    listed = cast("list[tuple[list[tuple[dict[str, object], object, object]]]]", rows)
    found = [{**f, "owner_id": owner, "owner_name": name} for (page,) in listed for f, owner, name in page]
    return sorted(found, key=lambda firm: str(firm["id"]))


def firms_by_id(store: GraphStore, ids: list[str]) -> list[dict[str, object]]:
    """Some firms with their owner (id and name)."""
    rows = store.read(
        "UNWIND $ids AS id MATCH (f:Firm {id: id}) OPTIONAL MATCH (f)<-[:OWNS]-(p:Person) RETURN properties(f), p.id, p.name",
        ids=ids,
    )
    return [{**f, "owner_id": owner, "owner_name": name} for f, owner, name in rows if isinstance(f, dict)]


def names_of(store: GraphStore, ids: list[str]) -> dict[str, tuple[str, str | None, str | None, int | None]]:
    """Name, title, department and seniority of some people."""
    rows = store.read(
        "UNWIND $ids AS id MATCH (p:Person {id: id}) RETURN p.id, coalesce(p.name, p.id), p.title, p.department, p.seniority",
        ids=sorted(set(ids)),
    )
    return {
        str(i): (
            str(n),
            None if t is None else str(t),
            None if d is None else str(d),
            None if s is None else int(str(s)),
        )
        for i, n, t, d, s in rows
    }


def roster(store: GraphStore, firm: str) -> list[dict[str, object]]:
    """Everybody who works or worked at a firm, with each affiliation, by id."""
    rows = store.read(
        "MATCH (f:Firm {id: $firm})<-[w:WORKS_AT]-(p:Person) RETURN p.id, coalesce(p.name, p.id), "
        "coalesce(w.title, p.title), coalesce(w.department, p.department), w.seniority, w.valid_from, w.valid_to, "
        "coalesce(w.precedence, 0) ORDER BY p.id",
        firm=firm,
    )
    names = ("id", "name", "title", "department", "seniority", "valid_from", "valid_to", "precedence")
    return [dict(zip(names, row, strict=True)) for row in rows]


@dataclass(frozen=True, slots=True)
class Card:
    """A person at a glance."""

    id: str
    name: str
    title: str
    firm: str
    addresses: tuple[str, ...]


def cards(store: GraphStore, ids: Sequence[str]) -> dict[str, Card]:
    """Name, title, newest firm and addresses of these people."""
    rows = store.read(
        "UNWIND $ids AS id MATCH (p:Person {id: id}) OPTIONAL MATCH (p)-[w:WORKS_AT]->(f:Firm) "
        "RETURN p.id, coalesce(p.name, p.id), coalesce(p.title, ''), collect([coalesce(w.precedence, 0), coalesce(f.name, '')])",
        ids=list(ids),
    )
    known = store.read(
        "UNWIND $ids AS id MATCH (p:Person {id: id})-[:KNOWN_AS]->(x:Identity {kind: 'mail'}) RETURN p.id, x.value ORDER BY x.key",
        ids=list(ids),
    )
    addresses: dict[str, list[str]] = {}
    for who, address in known:
        addresses.setdefault(str(who), []).append(str(address))
    found: dict[str, Card] = {}
    for who, name, title, work in rows:
        assert isinstance(work, list)
        firm = str(max(work)[1]) if work else ""
        found[str(who)] = Card(str(who), str(name), str(title), firm, tuple(addresses.get(str(who), ())))
    return found


def has_identity(store: GraphStore, key: str) -> bool:
    """Whether there is such an identity."""
    return bool(store.read("MATCH (x:Identity {key: $key}) RETURN x.key", key=key))


def find_people(store: GraphStore, who: str) -> list[tuple[str, str]]:
    """People (id, name) with this id, address, source id or exact name; an id wins."""
    rows = store.read(
        "MATCH (p:Person {id: $who}) RETURN p.id, p.name UNION "
        "MATCH (p:Person)-[:KNOWN_AS]->(:Identity {key: $mail}) RETURN p.id, p.name UNION "
        "MATCH (p:Person {name: $who}) RETURN p.id, p.name",
        who=who, mail=f"mail:{who.strip().lower()}",
    )  # fmt: skip
    exact = [(str(i), str(n)) for i, n in rows if i == who]
    return exact[:1] or sorted({(str(i), str(n)) for i, n in rows})


def colleagues_of(store: GraphStore, field: str, group: str) -> list[tuple[str, str]]:
    """People (id, name) of ours in a team or department, past ones included, by id.

    Raises:
        ValueError: ``field`` is neither team nor department.
    """
    if field not in ("team", "department"):
        raise ValueError(field)
    rows = store.read(
        f"MATCH (p:Person)-[:WORKS_AT]->(f:Firm {{kind: 'own'}}) WHERE toLower(p.{field}) = toLower($group) "
        "RETURN DISTINCT p.id, coalesce(p.name, p.id) ORDER BY p.id",
        group=group,
    )
    return [(str(i), str(n)) for i, n in rows]


def employers(store: GraphStore, people: Sequence[str]) -> list[tuple[str, str, str]]:
    """(person, firm, its kind) of every affiliation of these people."""
    rows = store.read(
        "UNWIND $ids AS id MATCH (p:Person {id: id})-[:WORKS_AT]->(f:Firm) RETURN p.id, f.id, coalesce(f.kind, 'other')",
        ids=list(people),
    )
    return [(str(p), str(f), str(k)) for p, f, k in rows]


def find_firms(store: GraphStore, who: str, *, every_kind: bool = False) -> list[tuple[str, str]]:
    """Accounts (id, name) with this id, domain, source id or exact name; an id wins. ``every_kind``: any firm."""
    rows = store.read(
        "MATCH (f:Firm) WHERE ($every OR f.kind = 'account') AND (f.id = $who OR f.name = $who OR $domain IN coalesce(f.domains, []) OR "
        "any(s IN coalesce(f.source_ids, []) WHERE s = $who OR s ENDS WITH $tail)) RETURN f.id, f.name",
        who=who, domain=who.strip().lower(), tail=f":{who}", every=every_kind,
    )  # fmt: skip
    exact = [(str(i), str(n)) for i, n in rows if i == who]
    return exact or sorted({(str(i), str(n)) for i, n in rows})


def person_facts(store: GraphStore, person: str) -> dict[str, object] | None:
    """A person's properties, identities and affiliations."""
    rows = store.read("MATCH (p:Person {id: $id}) RETURN properties(p)", id=person)
    if not rows:
        return None
    keys = store.read(
        "MATCH (:Person {id: $id})-[:KNOWN_AS]->(x:Identity) RETURN x.kind, x.value ORDER BY x.key", id=person
    )
    work = store.read(
        "MATCH (:Person {id: $id})-[w:WORKS_AT]->(f:Firm) RETURN f.id, f.name, f.kind, properties(w) ORDER BY coalesce(w.valid_from, ''), f.id",
        id=person,
    )
    return {"properties": rows[0][0], "identities": keys, "work": work}


def ties_of(store: GraphStore, person: str, *, ours: bool) -> list[tuple[str, str, str, str, float, int]]:
    """Ties of a person: (account, its name, other side, their name, strength, last touch)."""
    pattern = "(p)-[t:TIE]->(o)" if ours else "(o)-[t:TIE]->(p)"
    rows = store.read(
        f"MATCH (p:Person {{id: $id}}) MATCH {pattern} MATCH (f:Firm {{id: t.account}}) "
        "RETURN f.id, coalesce(f.name, f.id), o.id, coalesce(o.name, o.id), t.strength, t.last_at",
        id=person,
    )
    return [(str(a), str(b), str(c), str(d), float(str(s)), int(str(at))) for a, b, c, d, s, at in rows]


def search(store: GraphStore, text: str, limit: int) -> list[tuple[str, str, str, str]]:
    """(label, id, name, note) of accounts and people whose name, id or address contains the text, without case."""
    wanted = text.lower()
    firms = store.read(
        "MATCH (f:Firm {kind: 'account'}) WHERE toLower(f.name) CONTAINS $text OR toLower(f.id) CONTAINS $text "
        "RETURN 'Firm', f.id, f.name, coalesce(f.segment, '') ORDER BY f.name, f.id LIMIT $limit",
        text=wanted, limit=limit,
    )  # fmt: skip
    persons = store.read(
        "MATCH (p:Person) WHERE toLower(p.name) CONTAINS $text OR toLower(p.id) CONTAINS $text "
        "RETURN 'Person', p.id, p.name, coalesce(p.title, '') ORDER BY p.name, p.id LIMIT $limit",
        text=wanted, limit=limit,
    )  # fmt: skip
    addressed = store.read(
        "MATCH (x:Identity {kind: 'mail'})<-[:KNOWN_AS]-(p:Person) WHERE x.value CONTAINS $text "
        "RETURN DISTINCT 'Person', p.id, p.name, coalesce(p.title, '') ORDER BY p.name, p.id LIMIT $limit",
        text=wanted, limit=limit,
    )  # fmt: skip
    found = sorted(
        {(str(b), str(c), str(d)) for _, b, c, d in [*persons, *addressed]}, key=lambda row: (row[1], row[0])
    )
    return [
        *((str(a), str(b), str(c), str(d)) for a, b, c, d in firms),
        *(("Person", *row) for row in found[:limit]),
    ]


def keys_of(store: GraphStore, person: str) -> list[str]:
    """Identity keys of a person."""
    rows = store.read(
        "MATCH (:Person {id: $id})-[:KNOWN_AS]->(x:Identity) RETURN x.key ORDER BY x.key", id=person
    )
    return [str(row[0]) for row in rows]


def main_key(store: GraphStore, person: str) -> str:
    """The identity that a decision about a person names: a source's id where there is one, else the first address."""
    keys = keys_of(store, person)
    return next((key for key in keys if key.startswith("id:")), keys[0] if keys else person)


def behind(store: GraphStore, keys: Sequence[str]) -> dict[str, str]:
    """Identity key -> the person behind it now."""
    rows = store.read(
        "UNWIND $keys AS key MATCH (x:Identity {key: key})<-[:KNOWN_AS]-(p:Person) RETURN key, p.id",
        keys=sorted(set(keys)),
    )
    return {str(key): str(person) for key, person in rows}


def records_of(store: GraphStore, person: str) -> list[tuple[str, str, str, int | None, str]]:
    """Rows of master data that speak of a person: (source, object, file, line, payload as JSON)."""
    rows = store.read(
        "MATCH (:Person {id: $id})<-[:STATES]-(x:Record) RETURN x.source, x.object, x.file, x.line, x.payload ORDER BY x.id",
        id=person,
    )
    return [(str(a), str(b), str(c), None if d is None else int(str(d)), str(e)) for a, b, c, d, e in rows]


def identity_values(store: GraphStore) -> dict[str, str]:
    """The address, id, channel or account behind every identity key."""
    rows = store.read("MATCH (x:Identity) RETURN collect(x.key), collect(coalesce(x.value, ''))")
    found: dict[str, str] = {}
    for columns in rows:
        keys, values = (column for column in columns if isinstance(column, list))
        found.update(zip(keys, values, strict=True))
    return found


def traits(store: GraphStore) -> tuple[dict[str, tuple[str, int, bool]], dict[str, tuple[str, str]]]:
    """Person id -> (department, seniority or -1, wants not to be contacted), and firm id -> (industry, segment)."""
    about = _lists(
        store,
        "MATCH (p:Person) RETURN collect(p.id), collect(coalesce(p.department, '')), collect(coalesce(p.seniority, -1)), "
        "collect(coalesce(p.opt_out, false))",
    )
    firms = _lists(
        store,
        "MATCH (f:Firm) RETURN collect(f.id), collect(coalesce(f.industry, '')), collect(coalesce(f.segment, ''))",
    )
    people = {str(i): (str(d), int(str(s)), bool(o)) for i, d, s, o in zip(*about, strict=True)}
    return people, {str(i): (str(a), str(b)) for i, a, b in zip(*firms, strict=True)}


def parents(store: GraphStore) -> dict[str, str]:
    """Firm -> the firm it is part of; what is part of us is no group of customers."""
    rows = store.read(
        "MATCH (a:Firm)-[:PART_OF]->(b:Firm) WHERE b.kind <> 'own' RETURN collect(a.id), collect(b.id)"
    )
    return {
        str(a): str(b)
        for columns in rows
        for a, b in zip(*(c for c in columns if isinstance(c, list)), strict=True)
    }
