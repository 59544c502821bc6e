"""Runs, cursors and what was set aside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from graphmap.store.graphstore import GraphStore
from graphmap.store.transactions import Writer


@dataclass(frozen=True, slots=True)
class StoredRun:
    """A run as stored; ``properties`` are the node's."""

    id: str
    kind: str
    state: str
    sequence: int
    properties: Mapping[str, object]

    def whole(self, name: str) -> int | None:
        """An integer property, None where absent."""
        value = self.properties.get(name)
        return None if value is None else int(str(value))


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far a part was read: the byte where the next record begins, the last line, the counts so far as JSON."""

    part: str
    offset: int
    line: int
    counts: str
    done: bool


def runs(store: GraphStore) -> list[StoredRun]:
    """All runs, newest first."""
    rows = store.read("MATCH (r:Run) RETURN properties(r) ORDER BY r.sequence DESC")
    return [_run(row[0]) for row in rows]


def _run(properties: object) -> StoredRun:
    assert isinstance(properties, dict)
    known: dict[str, object] = {str(k): v for k, v in properties.items()}
    return StoredRun(
        str(known["id"]),
        str(known["kind"]),
        str(known.get("state", "")),
        int(str(known.get("sequence", 0))),
        known,
    )


def start_run(store: GraphStore, run: str, kind: str, properties: Mapping[str, object]) -> StoredRun:
    """Registers a run under the next number."""

    def work(writer: Writer) -> StoredRun:
        known = writer.run("MATCH (r:Run {id: $id}) RETURN properties(r)", id=run)
        if known:
            return _run(known[0][0])
        last = writer.run("MATCH (r:Run) RETURN coalesce(max(r.sequence), 0)")
        values = {**properties, "kind": kind, "sequence": int(str(last[0][0])) + 1}
        writer.run("MERGE (r:Run {id: $id}) SET r += $values", id=run, values=values)
        return _run({"id": run, **values})

    return store.write_with(work)


def update_run(writer: Writer, run: str, properties: Mapping[str, object]) -> None:
    """Sets properties of a run within a transaction."""
    writer.run("MATCH (r:Run {id: $id}) SET r += $values", id=run, values=dict(properties))


def cursors(store: GraphStore, run: str) -> dict[str, Cursor]:
    """The cursors of a run by part."""
    rows = store.read(
        "MATCH (c:Cursor {run: $run}) RETURN c.part, c.offset, c.line, c.counts, c.done", run=run
    )
    return {
        str(part): Cursor(str(part), int(str(offset)), int(str(line)), str(counts), bool(done))
        for part, offset, line, counts, done in rows
    }


def set_cursor(writer: Writer, run: str, cursor: Cursor) -> None:
    """Writes a cursor within the transaction of its batch."""
    writer.run(
        "MERGE (c:Cursor {id: $id}) SET c.run = $run, c.part = $part, c.offset = $offset, c.line = $line, "
        "c.counts = $counts, c.done = $done",
        id=f"{run}|{cursor.part}", run=run, part=cursor.part, offset=cursor.offset, line=cursor.line,
        counts=cursor.counts, done=cursor.done,
    )  # fmt: skip


def set_aside(writer: Writer, rows: Sequence[Mapping[str, object]]) -> None:
    """Stores rejected records within the transaction of their batch; the same one again changes nothing.

    One that had been settled (fixed, or gone with its import) is open again.
    """
    if rows:
        writer.run(
            "UNWIND $rows AS r MERGE (q:Rejected {id: r.id}) ON CREATE SET q += r.props "
            "ON MATCH SET q.run = CASE WHEN q.state IN ['fixed', 'superseded'] THEN r.props.run ELSE q.run END, "
            "q.state = CASE WHEN q.state IN ['fixed', 'superseded'] THEN 'open' ELSE q.state END",
            rows=[
                {"id": row["id"], "props": {k: v for k, v in row.items() if v is not None}} for row in rows
            ],
        )


def rejected(store: GraphStore, state: str | None = "open") -> list[dict[str, object]]:
    """What was set aside, by file and line."""
    rows = store.read(
        "MATCH (q:Rejected) WHERE $state IS NULL OR q.state = $state RETURN properties(q) ORDER BY q.file, q.line, q.id",
        state=state,
    )
    return [{str(k): v for k, v in row[0].items()} for row in rows if isinstance(row[0], dict)]


def set_rejected_state(store: GraphStore, identifiers: Sequence[str], state: str) -> int:
    """Marks set-aside records; returns how many there were."""
    rows = store.write_with(
        lambda w: w.run(
            "UNWIND $ids AS id MATCH (q:Rejected {id: id}) SET q.state = $state RETURN count(q)",
            ids=list(identifiers),
            state=state,
        )
    )
    return int(str(rows[0][0])) if rows else 0


def delete_rejected(store: GraphStore, identifiers: Sequence[str]) -> None:
    """Removes set-aside records."""
    store.write_with(
        lambda w: w.run(
            "UNWIND $ids AS id MATCH (q:Rejected {id: id}) DETACH DELETE q", ids=list(identifiers)
        )
    )
