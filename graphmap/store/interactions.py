"""Interactions in and out of the store: one transaction per batch, created after a difference found in the server.

Statements and figures: an edge is only created in the transaction that created its node, so the unique id also guards the
edges; every count is compared, because flat statements drop rows with unknown ends silently.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from graphmap.store.graphstore import GraphStore
from graphmap.store.transactions import UnmetError, Writer


@dataclass(frozen=True, slots=True)
class InteractionRow:
    """One interaction ready to be stored: participants as (role, identity key), ``about`` the firms it concerns."""

    id: str
    kind: str
    at: int
    direction: str | None
    thread: str | None
    hash: str
    participants: tuple[tuple[str, str], ...]
    about: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """What a batch holds that the store does not: ids that are new and ids whose content changed."""

    new: frozenset[str]
    changed: frozenset[str]


_DIFF = (
    "UNWIND $rows AS r OPTIONAL MATCH (i:Interaction {id: r[0]}) WITH r, i WHERE i IS NULL OR i.hash <> r[1] "
    "RETURN collect(r[0]) AS ids, collect(i IS NOT NULL) AS known"
)
_CREATE = (
    "UNWIND $rows AS r CREATE (:Interaction {id: r[0], kind: r[1], at: r[2], direction: r[3], thread: r[4], source: r[5], "
    "run: r[6], batch: r[7], hash: r[8]})"
)
_PARTS = (
    "UNWIND $parts AS p MATCH (i:Interaction {id: p[0]}) MATCH (x:Identity {key: p[1]}) "
    "CREATE (x)-[t:TOOK_PART {role: p[2], place: p[3]}]->(i) RETURN count(t)"
)
_ABOUT = "UNWIND $about AS a MATCH (i:Interaction {id: a[0]}) MATCH (f:Firm {id: a[1]}) CREATE (i)-[t:ABOUT]->(f) RETURN count(t)"
_DROP_PARTS = "UNWIND $ids AS id MATCH (i:Interaction {id: id})<-[t:TOOK_PART]-(:Identity) DELETE t"
_DROP_ABOUT = "UNWIND $ids AS id MATCH (i:Interaction {id: id})-[t:ABOUT]->(:Firm) DELETE t"
_VERSION = (
    "UNWIND $ids AS id MATCH (i:Interaction {id: id}) OPTIONAL MATCH (i)<-[t:TOOK_PART]-(x:Identity) "
    "RETURN i.id, i.kind, i.at, i.direction, i.thread, i.source, i.run, i.hash, collect([t.place, t.role, x.key]), "
    "coalesce(i.previous, []), coalesce(i.previous_runs, [])"
)
_CHANGE = (
    "UNWIND $rows AS r MATCH (i:Interaction {id: r.id}) SET i.kind = r.kind, i.at = r.at, i.direction = r.direction, "
    "i.thread = r.thread, i.source = r.source, i.run = r.run, i.batch = r.batch, i.hash = r.hash, "
    "i.previous = r.previous, i.previous_runs = r.previous_runs"
)


def difference(writer: Writer, rows: Sequence[InteractionRow]) -> Difference:
    """Which rows are new or changed; the server compares, only their ids come back."""
    (ids, known), *_ = writer.run(_DIFF, rows=[[row.id, row.hash] for row in rows])
    assert isinstance(ids, list)
    assert isinstance(known, list)
    pairs = list(zip(ids, known, strict=True))
    return Difference(
        frozenset(str(i) for i, there in pairs if not there), frozenset(str(i) for i, there in pairs if there)
    )


def add_identities(writer: Writer, identities: Sequence[tuple[str, str, str]]) -> None:
    """Identities (key, kind, value), each once."""
    if identities:
        writer.run(
            "UNWIND $rows AS r MERGE (x:Identity {key: r[0]}) ON CREATE SET x.kind = r[1], x.value = r[2]",
            rows=[list(row) for row in identities],
        )


def save(
    writer: Writer, rows: Sequence[InteractionRow], found: Difference, *, source: str, run: str, batch: str
) -> None:
    """Writes what is new or changed, with participants and firms, and checks every count."""
    new = [row for row in rows if row.id in found.new]
    changed = [row for row in rows if row.id in found.changed]
    if new:
        writer.run(
            _CREATE,
            rows=[[r.id, r.kind, r.at, r.direction, r.thread, source, run, batch, r.hash] for r in new],
        )
    if changed:
        _change(writer, changed, source=source, run=run, batch=batch)
    _attach(writer, [*new, *changed])


def _attach(writer: Writer, rows: Sequence[InteractionRow]) -> None:
    parts: list[list[object]] = [
        [row.id, key, role, place] for row in rows for place, (role, key) in enumerate(row.participants)
    ]
    about: list[list[object]] = [[row.id, firm] for row in rows for firm in row.about]
    _create_all(writer, _PARTS, "parts", parts)
    _create_all(writer, _ABOUT, "about", about)


def _create_all(writer: Writer, text: str, name: str, rows: list[list[object]]) -> None:
    if not rows:
        return
    ((made,), *_) = writer.run(text, **{name: rows})
    if made != len(rows):
        raise UnmetError(
            f"{len(rows) - int(str(made))} of {len(rows)} relationships found no end; the batch was taken back",
            remedy="run the command again; if it happens again please report it",
        )


def _change(writer: Writer, rows: Sequence[InteractionRow], *, source: str, run: str, batch: str) -> None:
    ids = [row.id for row in rows]
    history = _versions(writer, ids)
    writer.run(
        _CHANGE,
        rows=[
            {
                "id": r.id, "kind": r.kind, "at": r.at, "direction": r.direction, "thread": r.thread, "source": source,
                "run": run, "batch": batch, "hash": r.hash,
                "previous": [*history[r.id][1], history[r.id][0]], "previous_runs": [*history[r.id][2], history[r.id][3]],
            }
            for r in rows
        ],
    )  # fmt: skip
    writer.run(_DROP_PARTS, ids=ids)
    writer.run(_DROP_ABOUT, ids=ids)


def _versions(writer: Writer, ids: Sequence[str]) -> dict[str, tuple[str, list[str], list[str], str]]:
    """Per id: the stored version as JSON, the earlier ones, their runs, and the run of the stored one."""
    found: dict[str, tuple[str, list[str], list[str], str]] = {}
    for row in writer.run(_VERSION, ids=list(ids)):
        identifier, kind, at, direction, thread, source, run, hash_, parts, previous, runs = row
        assert isinstance(parts, list)
        assert isinstance(previous, list)
        assert isinstance(runs, list)
        people = [[role, key] for _, role, key in sorted(p for p in parts if p[0] is not None)]
        version = {
            "kind": kind, "at": at, "direction": direction, "thread": thread, "source": source, "run": run, "hash": hash_,
            "participants": people,
        }  # fmt: skip
        text = json.dumps(version, sort_keys=True, separators=(",", ":"))
        found[str(identifier)] = (text, [str(p) for p in previous], [str(r) for r in runs], str(run))
    return found


def ids_of_run(store: GraphStore, run: str) -> list[str]:
    """Interactions whose stored version or an earlier one comes from a run."""
    rows = store.read("MATCH (i:Interaction {run: $run}) RETURN i.id", run=run)
    older = store.read(
        "MATCH (i:Interaction) WHERE i.previous_runs IS NOT NULL AND $run IN i.previous_runs RETURN i.id",
        run=run,
    )
    return sorted({str(row[0]) for row in [*rows, *older]})


def take_back(writer: Writer, ids: Sequence[str], run: str, batch: str) -> tuple[int, list[InteractionRow]]:
    """Takes a run's versions of these interactions out: deletes those it brought, restores those it changed.

    Returns how many were deleted and the restored rows, whose ``about`` the caller fills and attaches with ``reattach``.
    """
    gone: list[str] = []
    back: list[InteractionRow] = []
    for identifier, (text, previous, runs, current) in _versions(writer, ids).items():
        if current != run:
            kept = [(p, r) for p, r in zip(previous, runs, strict=True) if r != run]
            writer.run(
                "MATCH (i:Interaction {id: $id}) SET i.previous = $previous, i.previous_runs = $runs",
                id=identifier, previous=[p for p, _ in kept], runs=[r for _, r in kept],
            )  # fmt: skip
            continue
        del text
        earlier = [(p, r) for p, r in zip(previous, runs, strict=True) if r != run]
        if not earlier:
            gone.append(identifier)
            continue
        version = json.loads(earlier[-1][0])
        writer.run(
            _CHANGE,
            rows=[
                {
                    "id": identifier, **{k: version[k] for k in ("kind", "at", "direction", "thread", "source", "run", "hash")},
                    "batch": batch, "previous": [p for p, _ in earlier[:-1]], "previous_runs": [r for _, r in earlier[:-1]],
                }
            ],
        )  # fmt: skip
        participants = tuple((str(role), str(key)) for role, key in version["participants"])
        back.append(
            InteractionRow(
                identifier, version["kind"], version["at"], version["direction"], version["thread"], version["hash"],
                participants, (),
            )
        )  # fmt: skip
    if gone:
        writer.run("UNWIND $ids AS id MATCH (i:Interaction {id: id}) DETACH DELETE i", ids=gone)
    if back:
        ids_back = [row.id for row in back]
        writer.run(_DROP_PARTS, ids=ids_back)
        writer.run(_DROP_ABOUT, ids=ids_back)
    return len(gone), back


def reattach(writer: Writer, rows: Sequence[InteractionRow]) -> None:
    """Creates participants and firms of restored interactions."""
    _attach(writer, rows)


def set_about(writer: Writer, about: Sequence[tuple[str, tuple[str, ...]]]) -> None:
    """Renews which firms interactions concern."""
    writer.run(_DROP_ABOUT, ids=[identifier for identifier, _ in about])
    _create_all(
        writer, _ABOUT, "about", [[identifier, firm] for identifier, firms in about for firm in firms]
    )


def participants_of(store: GraphStore, keys: Sequence[str]) -> dict[str, tuple[int, list[tuple[str, str]]]]:
    """For the interactions that any of these identities took part in: time and participants (role, identity key)."""
    rows = store.read(
        "UNWIND $keys AS key MATCH (:Identity {key: key})-[:TOOK_PART]->(i:Interaction) WITH DISTINCT i "
        "MATCH (i)<-[t:TOOK_PART]-(x:Identity) RETURN i.id, i.at, collect([t.place, t.role, x.key])",
        keys=list(keys),
    )
    found: dict[str, tuple[int, list[tuple[str, str]]]] = {}
    for identifier, at, parts in rows:
        assert isinstance(parts, list)
        found[str(identifier)] = (int(str(at)), [(str(role), str(key)) for _, role, key in sorted(parts)])
    return found


@dataclass(frozen=True, slots=True)
class BatchColumns:
    """One batch as parallel lists: interactions (id, kind, at, direction) and participants (interaction id, key, role, place)."""

    ids: list[str]
    kinds: list[str]
    ats: list[int]
    directions: list[str]
    part_ids: list[str]
    keys: list[str]
    roles: list[str]
    places: list[int]


def batch_counts(store: GraphStore) -> dict[str, int]:
    """How many interaction batches every import run wrote."""
    rows = store.read("MATCH (r:Run) WHERE r.batches IS NOT NULL AND r.batches > 0 RETURN r.id, r.batches")
    return {str(run): int(str(number)) for run, number in rows}


def pull_batch(store: GraphStore, batch: str) -> BatchColumns:
    """One batch as parallel lists: one row over the wire instead of thousands."""
    ((ids, kinds, ats, directions), *_) = store.read(
        "MATCH (i:Interaction {batch: $batch}) RETURN collect(i.id), collect(i.kind), collect(i.at), "
        "collect(coalesce(i.direction, ''))",
        batch=batch,
    )
    ((part_ids, keys, roles, places), *_) = store.read(
        "MATCH (i:Interaction {batch: $batch})<-[t:TOOK_PART]-(x:Identity) "
        "RETURN collect(i.id), collect(x.key), collect(t.role), collect(t.place)",
        batch=batch,
    )
    return BatchColumns(ids, kinds, ats, directions, part_ids, keys, roles, places)  # type: ignore[arg-type]


def threads_of_batch(store: GraphStore, batch: str) -> dict[str, str]:
    """Conversation ids of the interactions of a batch that have one."""
    rows = store.read(
        "MATCH (i:Interaction {batch: $batch}) WHERE i.thread IS NOT NULL RETURN collect(i.id), collect(i.thread)",
        batch=batch,
    )
    found: dict[str, str] = {}
    for columns in rows:
        ids, threads = (column for column in columns if isinstance(column, list))
        found.update(zip(ids, threads, strict=True))
    return found
