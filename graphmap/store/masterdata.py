"""People, firms and deals as resolved: read back as columns, and rewritten only where their hash differs.

What hangs on a node (identities, affiliations, manager, owner) is written with it: delete and create, guarded by counts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from graphmap.store.graphstore import GraphStore
from graphmap.store.transactions import Writer

NodeRow = dict[str, object]
EdgeRow = list[object]


@dataclass(frozen=True, slots=True)
class FirmRows:
    """Firms to write: ``props`` by id, edges as rows in the order of the statements below."""

    nodes: Sequence[tuple[str, NodeRow]]
    part_of: Sequence[EdgeRow]
    owns: Sequence[EdgeRow]
    known_as: Sequence[EdgeRow]


@dataclass(frozen=True, slots=True)
class PersonRows:
    """People to write with identities (person, key, kind, value), affiliations, managers and accounts that they serve."""

    nodes: Sequence[tuple[str, NodeRow]]
    known_as: Sequence[EdgeRow]
    works_at: Sequence[EdgeRow]
    reports_to: Sequence[EdgeRow]
    serves: Sequence[EdgeRow]


@dataclass(frozen=True, slots=True)
class OpportunityRows:
    """Deals to write with their firm, owner and roles."""

    nodes: Sequence[tuple[str, NodeRow]]
    of_firm: Sequence[EdgeRow]
    handles: Sequence[EdgeRow]
    role_in: Sequence[EdgeRow]


def hashes(store: GraphStore, label: str) -> dict[str, tuple[str, str]]:
    """(hash, placed) of every node of a kind; placed is empty except for people."""
    rows = store.read(
        f"MATCH (n:{label}) RETURN collect(n.id), collect(coalesce(n.hash, '')), collect(coalesce(n.placed, ''))"
    )
    found: dict[str, tuple[str, str]] = {}
    for ids, known, placed in rows:
        assert isinstance(ids, list)
        assert isinstance(known, list)
        assert isinstance(placed, list)
        found.update({str(i): (str(h), str(p)) for i, h, p in zip(ids, known, placed, strict=True)})
    return found


def identity_keys(store: GraphStore) -> list[str]:
    """All identity keys."""
    rows = store.read("MATCH (x:Identity) RETURN collect(x.key)")
    return [str(key) for columns in rows for keys in columns if isinstance(keys, list) for key in keys]


def keys_of_people(store: GraphStore, people: Sequence[str]) -> list[str]:
    """The identity keys that these people are known as now."""
    rows = store.read(
        "UNWIND $ids AS id MATCH (:Person {id: id})-[:KNOWN_AS]->(x:Identity) RETURN collect(DISTINCT x.key)",
        ids=list(people),
    )
    return [str(key) for columns in rows for keys in columns if isinstance(keys, list) for key in keys]


def firm_identities(store: GraphStore) -> dict[str, str]:
    """Which firm holds each channel and each unnamed contact."""
    rows = store.read("MATCH (f:Firm)-[:KNOWN_AS]->(x:Identity) RETURN x.key, f.id")
    return {str(key): str(firm) for key, firm in rows}


def _set_nodes(writer: Writer, label: str, nodes: Sequence[tuple[str, NodeRow]]) -> None:
    writer.run(
        f"UNWIND $rows AS r MERGE (n:{label} {{id: r.id}}) SET n = r.props",
        rows=[
            {"id": i, "props": {"id": i, **{k: v for k, v in p.items() if v is not None}}} for i, p in nodes
        ],
    )


def write_firms(writer: Writer, rows: FirmRows) -> None:
    """Firms first, then what hangs on them; owners are attached by ``write_owners`` once people exist."""
    if not rows.nodes:
        return
    ids = [identifier for identifier, _ in rows.nodes]
    _set_nodes(writer, "Firm", rows.nodes)
    writer.run("UNWIND $ids AS id MATCH (f:Firm {id: id})-[t:PART_OF]->(:Firm) DELETE t", ids=ids)
    writer.run("UNWIND $ids AS id MATCH (f:Firm {id: id})-[t:KNOWN_AS]->(:Identity) DELETE t", ids=ids)
    _known_as(writer, "Firm", rows.known_as)


def write_firm_edges(writer: Writer, rows: FirmRows) -> None:
    """Parents and owners, after all firms and people exist."""
    if not rows.nodes:
        return
    ids = [identifier for identifier, _ in rows.nodes]
    writer.run("UNWIND $ids AS id MATCH (f:Firm {id: id})<-[t:OWNS]-(:Person) DELETE t", ids=ids)
    if rows.part_of:
        writer.run(
            "UNWIND $rows AS r MATCH (f:Firm {id: r[0]}) MATCH (g:Firm {id: r[1]}) MERGE (f)-[:PART_OF]->(g)",
            rows=list(rows.part_of),
        )
    if rows.owns:
        writer.run(
            "UNWIND $rows AS r MATCH (f:Firm {id: r[0]}) MATCH (p:Person {id: r[1]}) MERGE (f)<-[t:OWNS]-(p) SET t.via = r[2]",
            rows=list(rows.owns),
        )


def _known_as(writer: Writer, label: str, rows: Sequence[EdgeRow]) -> None:
    if not rows:
        return
    writer.run(
        "UNWIND $rows AS r MERGE (x:Identity {key: r[1]}) ON CREATE SET x.kind = r[2], x.value = r[3]",
        rows=list(rows),
    )
    # An identity has one holder: whoever held it before lets go in the same transaction.
    writer.run("UNWIND $rows AS r MATCH (x:Identity {key: r[1]})<-[t:KNOWN_AS]-() DELETE t", rows=list(rows))
    writer.run(
        f"UNWIND $rows AS r MATCH (x:Identity {{key: r[1]}}) MATCH (n:{label} {{id: r[0]}}) CREATE (n)-[:KNOWN_AS]->(x)",
        rows=list(rows),
    )


def write_people(writer: Writer, rows: PersonRows) -> None:
    """People with identities and affiliations; managers are attached by ``write_managers`` once all people exist."""
    if not rows.nodes:
        return
    ids = [identifier for identifier, _ in rows.nodes]
    _set_nodes(writer, "Person", rows.nodes)
    writer.run("UNWIND $ids AS id MATCH (:Person {id: id})-[t:KNOWN_AS]->(:Identity) DELETE t", ids=ids)
    writer.run("UNWIND $ids AS id MATCH (:Person {id: id})-[t:WORKS_AT]->(:Firm) DELETE t", ids=ids)
    writer.run("UNWIND $ids AS id MATCH (:Person {id: id})-[t:REPORTS_TO]->(:Person) DELETE t", ids=ids)
    writer.run("UNWIND $ids AS id MATCH (:Person {id: id})-[t:SERVES]->(:Firm) DELETE t", ids=ids)
    _known_as(writer, "Person", rows.known_as)
    if rows.works_at:
        writer.run(
            "UNWIND $rows AS r MATCH (p:Person {id: r.person}) MATCH (f:Firm {id: r.firm}) CREATE (p)-[t:WORKS_AT]->(f) SET t = r.props",
            rows=[{"person": r[0], "firm": r[1], "props": r[2]} for r in rows.works_at],
        )

    if rows.serves:
        writer.run(
            "UNWIND $rows AS r MATCH (p:Person {id: r[0]}) MATCH (f:Firm {id: r[1]}) "
            "CREATE (p)-[:SERVES {role: r[2], via: r[3]}]->(f)",
            rows=list(rows.serves),
        )


def write_managers(writer: Writer, rows: Sequence[EdgeRow]) -> None:
    """Managers (person, manager, via)."""
    if rows:
        writer.run(
            "UNWIND $rows AS r MATCH (p:Person {id: r[0]}) MATCH (m:Person {id: r[1]}) MERGE (p)-[t:REPORTS_TO]->(m) SET t.via = r[2]",
            rows=list(rows),
        )


def write_opportunities(writer: Writer, rows: OpportunityRows) -> None:
    """Deals with everything that hangs on them."""
    if not rows.nodes:
        return
    ids = [identifier for identifier, _ in rows.nodes]
    _set_nodes(writer, "Opportunity", rows.nodes)
    for pattern in ("(o)-[t:FOR]->(:Firm)", "(o)<-[t:HANDLES]-(:Person)", "(o)<-[t:ROLE_IN]-(:Person)"):
        writer.run(f"UNWIND $ids AS id MATCH (o:Opportunity {{id: id}}) MATCH {pattern} DELETE t", ids=ids)
    statements: Mapping[str, Sequence[EdgeRow]] = {
        "MATCH (f:Firm {id: r[1]}) CREATE (o)-[:FOR]->(f)": rows.of_firm,
        "MATCH (p:Person {id: r[1]}) CREATE (p)-[:HANDLES {via: r[2]}]->(o)": rows.handles,
        "MATCH (p:Person {id: r[1]}) CREATE (p)-[:ROLE_IN {role: r[2], via: r[3]}]->(o)": rows.role_in,
    }
    for text, edges in statements.items():
        if edges:
            writer.run(f"UNWIND $rows AS r MATCH (o:Opportunity {{id: r[0]}}) {text}", rows=list(edges))


def state_rows(writer: Writer, edges: Sequence[tuple[str, str, str]]) -> None:
    """What a row of master data speaks of: (record id, label, node id); it speaks of one thing."""
    writer.run(
        "UNWIND $ids AS id MATCH (x:Record {id: id})-[t:STATES]->() DELETE t",
        ids=[record for record, _, _ in edges],
    )
    for label in ("Firm", "Person", "Opportunity"):
        rows = [[record, node] for record, kind, node in edges if kind == label]
        if rows:
            writer.run(
                f"UNWIND $rows AS r MATCH (x:Record {{id: r[0]}}) MATCH (n:{label} {{id: r[1]}}) CREATE (x)-[:STATES]->(n)",
                rows=rows,
            )


def delete_nodes(writer: Writer, label: str, ids: Sequence[str]) -> None:
    """Removes derived nodes that nothing states any more."""
    if ids:
        writer.run(f"UNWIND $ids AS id MATCH (n:{label} {{id: id}}) DETACH DELETE n", ids=list(ids))


def lonely_identities(store: GraphStore, keys: Sequence[str]) -> list[str]:
    """Of these identities the ones that took part in nothing."""
    rows = store.read(
        "UNWIND $keys AS key MATCH (x:Identity {key: key}) WHERE NOT EXISTS { MATCH (x)-[:TOOK_PART]->(:Interaction) } "
        "RETURN x.key",
        keys=list(keys),
    )
    return [str(row[0]) for row in rows]


def delete_identities(writer: Writer, keys: Sequence[str]) -> None:
    """Removes identities."""
    writer.run("UNWIND $keys AS key MATCH (x:Identity {key: key}) DETACH DELETE x", keys=list(keys))


def attach_to_firms(writer: Writer, rows: Sequence[EdgeRow]) -> None:
    """Channels hang on our firm and unnamed contacts on their account: rows (firm, key, kind, value)."""
    _known_as(writer, "Firm", rows)


def attach_to_people(writer: Writer, rows: Sequence[EdgeRow]) -> None:
    """Identities of people who exist already: rows (person, key, kind, value)."""
    _known_as(writer, "Person", rows)
