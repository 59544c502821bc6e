"""Rows of master data as versions in the store: the newest version of a key counts, undo takes a run's versions out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from graphmap.store.graphstore import GraphStore
from graphmap.store.transactions import Writer


@dataclass(frozen=True, slots=True)
class StoredRow:
    """One version of one row."""

    key: str
    source: str
    object: str
    kind: str
    run: str
    ordinal: int
    file: str
    line: int | None
    hash: str
    payload: str
    importer: str
    closed: str = ""
    """Why the row counts as ended though its source never said so; empty = it does not."""


GONE = "gone"
"""The kind of a version that says its row is not there any more and has no end to be given."""
_FIELDS = (
    "key",
    "source",
    "object",
    "kind",
    "run",
    "ordinal",
    "file",
    "line",
    "hash",
    "payload",
    "importer",
    "closed",
)
_EMPTY = {"line": "0", "importer": "''", "closed": "''"}
_LISTS = ", ".join(
    f"collect(coalesce(x.{f}, {_EMPTY[f]}))" if f in _EMPTY else f"collect(x.{f})" for f in _FIELDS
)
PAGE = 20_000


def current_rows(store: GraphStore, *, without_run: str = "") -> list[StoredRow]:
    """The newest version of every row that is there, in the order of their ordinals, leaving one run out."""
    newest: dict[str, StoredRow] = {}
    for run in [
        str(row[0])
        for row in store.read("MATCH (r:Run {kind: 'import'}) RETURN r.id ORDER BY r.sequence")
        if row[0] != without_run
    ]:
        for columns in store.read(f"MATCH (x:Record {{run: $run}}) RETURN {_LISTS}", run=run):
            lists = [column for column in columns if isinstance(column, list)]
            for values in zip(*lists, strict=True):
                row = StoredRow(*values)
                newest[row.key] = row
    there = (row for row in newest.values() if row.kind != GONE)
    return sorted(there, key=lambda row: (row.ordinal, row.key))


def current_hashes(store: GraphStore, *, without_run: str = "") -> dict[str, tuple[str, str]]:
    """For every key the hash and run of its newest version, leaving one run out."""
    rows = store.read(
        "MATCH (x:Record) RETURN collect(x.key), collect(x.ordinal), collect(x.hash), collect(x.run)"
    )
    newest: dict[str, tuple[int, str, str]] = {}
    for keys, ordinals, hashes, runs in rows:
        assert isinstance(keys, list)
        assert isinstance(ordinals, list)
        assert isinstance(hashes, list)
        assert isinstance(runs, list)
        for key, ordinal, hash_, run in zip(keys, ordinals, hashes, runs, strict=True):
            if run != without_run and (key not in newest or newest[key][0] < ordinal):
                newest[key] = (ordinal, hash_, run)
    return {key: (hash_, run) for key, (_, hash_, run) in newest.items()}


def keys_of(store: GraphStore, kinds: Sequence[str], *, without_run: str = "") -> set[str]:
    """The keys of all rows of some kinds, leaving one run out."""
    rows = store.read(
        "UNWIND $kinds AS kind MATCH (x:Record {kind: kind}) WHERE x.run <> $run RETURN collect(DISTINCT x.key)",
        kinds=list(kinds), run=without_run,
    )  # fmt: skip
    return {str(key) for columns in rows for keys in columns if isinstance(keys, list) for key in keys}


def save_rows(writer: Writer, rows: Sequence[StoredRow]) -> None:
    """Writes versions; the same version again changes nothing."""
    if rows:
        writer.run(
            "UNWIND $rows AS r MERGE (x:Record {id: r.id}) SET x += r.props",
            rows=[
                {
                    "id": f"{row.key}@{row.run}",
                    "props": {f: getattr(row, f) for f in _FIELDS if getattr(row, f) not in (None, "")},
                }
                for row in rows
            ],
        )


def delete_rows_of_run(store: GraphStore, run: str) -> int:
    """Deletes a run's versions in pages; returns how many."""
    total = 0
    while True:
        ((gone,), *_) = store.write_with(
            lambda w: w.run(
                "MATCH (x:Record {run: $run}) WITH x LIMIT $page DETACH DELETE x RETURN count(*)",
                run=run,
                page=PAGE,
            )
        )
        total += int(str(gone))
        if int(str(gone)) < PAGE:
            return total
