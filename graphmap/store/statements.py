"""Every write and the DDL, generated from ``graphmap.schema``: pure text, values only ever as parameters.

Labels, types and property names come from the schema alone (asserted), so no text of a user can become part of a statement.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from graphmap.schema import NODE_BY_LABEL, NODES, RELATIONSHIP_BY_TYPE, NodeKind, RelationshipKind

RelationshipRow = tuple[str, str, Mapping[str, object]]
"""Key of the start node, key of the end node, properties."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement with its parameters.

    ``expect`` is the value that the first column of the single returned row must have; anything else takes the whole
    transaction back. It guards against rows that vanish silently because a node they name does not exist.
    """

    text: str
    parameters: Mapping[str, object] = field(default_factory=dict[str, object])
    expect: int | None = None


def ddl() -> list[str]:
    """Constraints on the keys and the indexes; running them twice changes nothing.

    >>> ddl()[0]
    'CREATE CONSTRAINT firm_id IF NOT EXISTS FOR (n:Firm) REQUIRE n.id IS UNIQUE'
    """
    texts: list[str] = []
    for kind in NODES:
        name = kind.label.lower()
        texts.append(
            f"CREATE CONSTRAINT {name}_{kind.key} IF NOT EXISTS "
            f"FOR (n:{kind.label}) REQUIRE n.{kind.key} IS UNIQUE"
        )
        texts += [
            f"CREATE INDEX {name}_{indexed} IF NOT EXISTS FOR (n:{kind.label}) ON (n.{indexed})"
            for indexed in kind.indexed
        ]
    return texts


def upsert_nodes(label: str) -> str:
    """Creates or changes nodes; ``$rows`` are maps ``{key, props}``. A property given as null is removed, others stay.

    >>> upsert_nodes("Firm")
    'UNWIND $rows AS row MERGE (n:Firm {id: row.key}) SET n += row.props RETURN count(n) AS written'
    """
    kind = _node(label)
    return (
        f"UNWIND $rows AS row MERGE (n:{label} {{{kind.key}: row.key}}) "
        "SET n += row.props RETURN count(n) AS written"
    )


def create_nodes(label: str, properties: Sequence[str] = ()) -> str:
    """Creates nodes that are known to be new; a key that exists refuses the whole transaction.

    Without ``properties`` the ``$rows`` are maps ``{key, props}``. With them they are lists: the key, then the values in
    that order, which is what a million rows should use.

    >>> create_nodes("Interaction", ("kind", "at"))
    'UNWIND $rows AS row CREATE (n:Interaction {id: row[0], kind: row[1], at: row[2]}) RETURN count(n) AS written'
    """
    kind = _node(label)
    if not properties:
        return (
            f"UNWIND $rows AS row CREATE (n:{label} {{{kind.key}: row.key}}) "
            "SET n += row.props RETURN count(n) AS written"
        )
    names = (kind.key, *_declared(kind, properties))
    values = ", ".join(f"{name}: row[{place}]" for place, name in enumerate(names))
    return f"UNWIND $rows AS row CREATE (n:{label} {{{values}}}) RETURN count(n) AS written"


def delete_nodes(label: str) -> str:
    """Deletes the nodes with these ``$keys``, and every relationship they have.

    >>> delete_nodes("Identity")
    'UNWIND $keys AS key MATCH (n:Identity {key: key}) DETACH DELETE n RETURN count(*) AS deleted'
    """
    kind = _node(label)
    return f"UNWIND $keys AS key MATCH (n:{label} {{{kind.key}: key}}) DETACH DELETE n RETURN count(*) AS deleted"


def create_relationships(type_: str, start_label: str, end_label: str, properties: Sequence[str] = ()) -> str:
    """Creates relationships that are known to be new; ``$rows`` are lists: start key, end key, then the properties.

    >>> create_relationships("ABOUT", "Interaction", "Firm").partition(" CREATE ")[2]
    '(a)-[r:ABOUT]->(b) RETURN count(r) AS written'
    """
    kind = _relationship(type_, start_label, end_label)
    declared = {known.name for known in kind.properties}
    assert declared.issuperset(properties), (type_, properties)
    values = ", ".join(f"{name}: row[{place}]" for place, name in enumerate(properties, start=2))
    pattern = f"r:{type_} {{{values}}}" if values else f"r:{type_}"
    return f"{_ends(start_label, end_label)} CREATE (a)-[{pattern}]->(b) RETURN count(r) AS written"


def merge_relationships(type_: str, start_label: str, end_label: str, absent: Sequence[str] = ()) -> str:
    """Creates or changes relationships; ``$rows`` are lists: start key, end key, map of properties.

    Written from the end with few edges: the embedded server walks all edges of the node that the pattern begins with.
    Identity properties stand in the pattern, where none may be null; those that are null in every row are named by
    ``absent`` and the edge without them is meant (``link`` sorts rows so).

    >>> merge_relationships("OWNS", "Person", "Firm").partition(" MERGE ")[2]
    '(b)<-[r:OWNS]-(a) SET r += row[2] RETURN count(r) AS written'
    """
    kind = _relationship(type_, start_label, end_label)
    assert set(absent) <= set(kind.identity), (type_, absent)
    identity = ", ".join(f"{name}: row[2].{name}" for name in kind.identity if name not in absent)
    braces = f" {{{identity}}}" if identity else ""
    head = _ends(start_label, end_label)
    if not absent:
        pattern = _pattern(kind, f"r:{type_}{braces}")
        return f"{head} MERGE {pattern} SET r += row[2] RETURN count(r) AS written"
    missing = " AND ".join(f"r.{name} IS NULL" for name in absent)
    return (
        f"{head} OPTIONAL MATCH {_pattern(kind, f'r:{type_}{braces}')} WHERE {missing} "
        "WITH row, a, b, collect(r) AS found "
        f"FOREACH (_ IN CASE WHEN size(found) = 0 THEN [1] ELSE [] END | "
        f"CREATE (a)-[n:{type_}]->(b) SET n += row[2]) "
        "FOREACH (old IN found | SET old += row[2]) RETURN count(*) AS written"
    )


def link(type_: str, start_label: str, end_label: str, rows: Iterable[RelationshipRow]) -> list[Statement]:
    """The statements that create or change these relationships, each expecting to meet both ends of every row.

    Rows are grouped by which identity properties they lack; of rows that mean the same edge the last one counts.
    """
    kind = _relationship(type_, start_label, end_label)
    groups: dict[tuple[str, ...], dict[tuple[object, ...], RelationshipRow]] = {}
    for row in rows:
        absent = tuple(name for name in kind.identity if row[2].get(name) is None)
        same = (row[0], row[1], *(row[2].get(name) for name in kind.identity))
        groups.setdefault(absent, {})[same] = row
    return [
        Statement(
            merge_relationships(type_, start_label, end_label, absent),
            {"rows": [[start, end, dict(props)] for start, end, props in group.values()]},
            expect=len(group),
        )
        for absent, group in sorted(groups.items())
    ]


def delete_relationships(type_: str, start_label: str, end_label: str) -> str:
    """Deletes relationships; ``$rows`` are lists: start key, end key, then the identity properties (null = has none).

    >>> delete_relationships("PART_OF", "Firm", "Firm").rpartition("MATCH ")[2]
    '(a)-[r:PART_OF]->(b) DELETE r RETURN count(*) AS deleted'
    """
    kind = _relationship(type_, start_label, end_label)
    same = " AND ".join(
        f"(r.{name} = row[{place}] OR (r.{name} IS NULL AND row[{place}] IS NULL))"
        for place, name in enumerate(kind.identity, start=2)
    )
    where = f" WHERE {same}" if same else ""
    return (
        f"{_ends(start_label, end_label)} MATCH {_pattern(kind, f'r:{type_}')}{where} "
        "DELETE r RETURN count(*) AS deleted"
    )


def _ends(start_label: str, end_label: str) -> str:
    start, end = _node(start_label).key, _node(end_label).key
    return (
        f"UNWIND $rows AS row MATCH (a:{start_label} {{{start}: row[0]}}) "
        f"MATCH (b:{end_label} {{{end}: row[1]}})"
    )


def _pattern(kind: RelationshipKind, inside: str) -> str:
    return f"(b)<-[{inside}]-(a)" if kind.crowded == "start" else f"(a)-[{inside}]->(b)"


def _node(label: str) -> NodeKind:
    assert label in NODE_BY_LABEL, label
    return NODE_BY_LABEL[label]


def _relationship(type_: str, start_label: str, end_label: str) -> RelationshipKind:
    assert type_ in RELATIONSHIP_BY_TYPE, type_
    kind = RELATIONSHIP_BY_TYPE[type_]
    assert start_label in kind.start.split("|"), (type_, start_label)
    assert end_label in kind.end.split("|"), (type_, end_label)
    return kind


def _declared(kind: NodeKind, properties: Sequence[str]) -> tuple[str, ...]:
    declared = {known.name for known in kind.properties}
    assert declared.issuperset(properties), (kind.label, properties)
    return tuple(properties)
