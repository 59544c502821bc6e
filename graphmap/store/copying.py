"""Everything from one store to another, page by page, and proof that it is the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from graphmap.errors import StoreError
from graphmap.schema import NODE_BY_LABEL, NODES, RELATIONSHIPS, RelationshipKind
from graphmap.store.digest import digest
from graphmap.store.graphstore import GraphStore

PAGE = 2_000

Progress = Callable[[str, int, int], None]
"""Called with (what, done, all)."""


def _silent(_what: str, _done: int, _all: int) -> None:
    return None


def copy(source: GraphStore, target: GraphStore, progress: Progress = _silent) -> Mapping[str, int]:
    """Copies all nodes and relationships into an empty store; returns how many of each.

    Raises:
        StoreError: the target is not empty, or does not hold the same afterwards (count by count, and by digest).
    """
    if target.read("MATCH (n) WHERE NOT n:State RETURN n LIMIT 1"):
        raise StoreError(
            "the target is not empty", remedy="copy into an empty database; nothing was written to this one"
        )
    target.create_schema()
    counts: dict[str, int] = {}
    for kind in NODES:
        counts[kind.label] = _nodes(source, target, kind.label, kind.key, progress)
    for rel in RELATIONSHIPS:
        counts[rel.type] = counts.get(rel.type, 0) + _relationships(source, target, rel, progress)
    _compare(source, target)
    return counts


def _nodes(source: GraphStore, target: GraphStore, label: str, key: str, progress: Progress) -> int:
    # Labels, keys and types come from the schema, never from outside.
    ((keys,),) = source.read(f"MATCH (n:{label}) RETURN collect(n.{key})")
    assert isinstance(keys, list)
    for begin in range(0, len(keys), PAGE):
        page = keys[begin : begin + PAGE]
        rows = source.read(
            f"UNWIND $keys AS key MATCH (n:{label} {{{key}: key}}) RETURN properties(n)", keys=page
        )
        made = [row[0] for row in rows]
        target.write_with(
            lambda w, made=made: w.run(
                f"UNWIND $rows AS r MERGE (n:{label} {{{key}: r.{key}}}) SET n += r", rows=made
            )
        )
        progress(label, begin + len(page), len(keys))
    return len(keys)


def _relationships(source: GraphStore, target: GraphStore, rel: RelationshipKind, progress: Progress) -> int:
    total = 0
    # Read from the end with few relationships: a hub's are not pulled in one row.
    starts, ends = rel.start.split("|"), rel.end.split("|")
    for start in starts:
        for end in ends:
            total += _pairs(source, target, rel, start, end, progress)
    return total


def _pairs(
    source: GraphStore, target: GraphStore, rel: RelationshipKind, start: str, end: str, progress: Progress
) -> int:
    from_end = rel.crowded == "start"
    label = end if from_end else start
    key, start_key, end_key = NODE_BY_LABEL[label].key, NODE_BY_LABEL[start].key, NODE_BY_LABEL[end].key
    ((keys,),) = source.read(f"MATCH (n:{label}) RETURN collect(n.{key})")
    assert isinstance(keys, list)
    pattern = (
        f"(b:{end} {{{end_key}: key}})<-[r:{rel.type}]-(a:{start})"
        if from_end
        else f"(a:{start} {{{start_key}: key}})-[r:{rel.type}]->(b:{end})"
    )
    total = 0
    for begin in range(0, len(keys), PAGE):
        rows = source.read(
            f"UNWIND $keys AS key MATCH {pattern} RETURN a.{start_key}, b.{end_key}, properties(r)",
            keys=keys[begin : begin + PAGE],
        )
        for low in range(0, len(rows), PAGE):
            page = [list(row) for row in rows[low : low + PAGE]]
            ((made,),) = target.write_with(
                lambda w, page=page: w.run(
                    f"UNWIND $rows AS r MATCH (a:{start} {{{start_key}: r[0]}}) MATCH (b:{end} {{{end_key}: r[1]}}) "
                    f"CREATE (a)-[x:{rel.type}]->(b) SET x += r[2] RETURN count(x)",
                    rows=page,
                )
            )
            if made != len(page):
                raise StoreError(
                    f"{len(page) - int(str(made))} {rel.type} found no end", remedy="please report this"
                )
        total += len(rows)
        progress(rel.type, begin + PAGE, len(keys))
    return total


def _compare(source: GraphStore, target: GraphStore) -> None:
    before, after = source.status(), target.status()
    wrong = [
        f"{name}: {count} and {dict(after.nodes, **after.relationships).get(name)}"
        for name, count in {**before.nodes, **before.relationships}.items()
        if dict(after.nodes, **after.relationships).get(name) != count
    ]
    if wrong:
        raise StoreError(f"the copy differs in {'; '.join(wrong)}", remedy="run it again into an empty store")
    if digest(source) != digest(target):
        raise StoreError("the copy has another digest", remedy="run it again into an empty store")
