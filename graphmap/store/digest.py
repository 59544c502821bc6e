"""A fingerprint of everything that must survive: the same on both servers and in whatever order it was written.

Each line (one record, interaction, ...) becomes a hash, the hashes of a kind are sorted and hashed again. Only the hashes are
kept while pulling: 32 bytes for an interaction.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator

import numpy

from graphmap.store.graphstore import GraphStore

_INTERACTION = ("id", "kind", "at", "direction", "thread", "stated")
_DECISION = ("id", "kind", "identity", "field", "value", "author", "at", "reason", "expires_at")
_RECORD = ("key", "source", "object", "kind", "hash", "payload")


def digest(store: GraphStore) -> str:
    """SHA-256 over current records, interactions with their participants, identities, decisions and suppressions.

    Runs, import times, files, lines and everything derived (ties, assessments, findings, ABOUT) stay out: two stores that
    were filled in another order, or one that was scored and one that was not, have the same digest.
    """
    kinds = {
        "records": _records(store),
        "interactions": _interactions(store),
        "identities": _rows(store, "MATCH (x:Identity) RETURN {lists}", ("key", "kind")),
        "decisions": _decisions(store),
        "suppressions": _rows(store, "MATCH (x:Suppressed) RETURN {lists}", ("id",)),
    }
    whole = hashlib.sha256()
    for kind, lines in kinds.items():
        whole.update(f"{kind} {_combined(lines)}\n".encode())
    return whole.hexdigest()


def _records(store: GraphStore) -> Iterator[list[object]]:
    """The newest version of every row of master data; of two runs the later one is newer."""
    runs = store.read(
        "MATCH (x:Record) WITH DISTINCT x.run AS id OPTIONAL MATCH (r:Run {id: id}) RETURN id, r.sequence, r.started_at"
    )
    newest: dict[object, list[object]] = {}
    for run, _, _ in sorted(runs, key=lambda row: (*(_number(value) for value in row[1:]), str(row[0]))):
        for row in _rows(store, "MATCH (x:Record {{run: $run}}) RETURN {lists}", _RECORD, run=run):
            newest[row[0]] = row
    yield from newest.values()


def _decisions(store: GraphStore) -> Iterator[list[object]]:
    """What people decided. A domain that an import was told is ours says the same whenever that import ran."""
    for row in _rows(store, "MATCH (x:Decision) WHERE x.withdrawn_at IS NULL RETURN {lists}", _DECISION):
        known = dict(zip(_DECISION, row, strict=True))
        yield [known["kind"], known["value"]] if known["kind"] == "own_domain" else row


def _interactions(store: GraphStore) -> Iterator[list[object]]:
    for (batch,) in store.read("MATCH (i:Interaction) RETURN DISTINCT i.batch"):
        where = "(x:Interaction {{batch: $batch}})" if batch is not None else "(x:Interaction)"
        none = "" if batch is not None else " WHERE x.batch IS NULL"
        parts: dict[object, list[tuple[int, str, str]]] = {}
        taken = store.read(
            f"MATCH {where.format()}<-[t:TOOK_PART]-(y:Identity){none} "
            "RETURN collect(x.id), collect(coalesce(t.place, 0)), collect(coalesce(t.role, '')), collect(y.key)",
            batch=batch,
        )
        for id_, place, role, key in _turned(taken):
            parts.setdefault(id_, []).append((int(str(place)), str(role), str(key)))
        for row in _rows(store, f"MATCH {where}{none} RETURN {{lists}}", _INTERACTION, batch=batch):
            yield [*row, sorted(parts.get(row[0], []))]


def _rows(
    store: GraphStore, text: str, names: tuple[str, ...], **parameters: object
) -> Iterator[list[object]]:
    """Rows pulled as parallel lists, one answer of a few lists being far cheaper than a row each. Null becomes ''."""
    lists = ", ".join(f"collect(coalesce(x.{name}, ''))" for name in names)
    for row in _turned(store.read(text.format(lists=lists), **parameters)):
        yield list(row)


def _turned(answer: list[tuple[object, ...]]) -> Iterator[tuple[object, ...]]:
    for columns in answer:
        lists = [column for column in columns if isinstance(column, list)]
        yield from zip(*lists, strict=True)


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else -1.0


def _combined(lines: Iterable[list[object]]) -> str:
    """SHA-256 over the sorted hashes of the lines."""
    hashes = bytearray()
    for line in lines:
        text = json.dumps(line, ensure_ascii=False, separators=(",", ":"))
        hashes += hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
    words = numpy.frombuffer(bytes(hashes), dtype=">u8").reshape(-1, 4)
    order = numpy.lexsort(words.T[::-1])
    return hashlib.sha256(words[order].tobytes()).hexdigest()
