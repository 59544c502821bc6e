"""Keyed hashes of people who were forgotten, and the check value of the key."""

from __future__ import annotations

from collections.abc import Sequence

from graphmap.store.graphstore import GraphStore

_CHECK = "suppression"


def check_value(store: GraphStore) -> str | None:
    """What the right key makes of a fixed text; None where nobody is suppressed."""
    rows = store.read("MATCH (s:State {id: $id}) RETURN s.value", id=_CHECK)
    return str(rows[0][0]) if rows else None


def hashes(store: GraphStore) -> list[str]:
    """The hashes, sorted."""
    return [str(row[0]) for row in store.read("MATCH (s:Suppressed) RETURN s.id ORDER BY s.id")]


def save(store: GraphStore, ids: Sequence[str], check: str, author: str, at: int) -> None:
    """Adds hashes with the check value of their key; those that are known stay as they are."""
    store.write_with(
        lambda w: (
            w.run("MERGE (s:State {id: $id}) SET s.value = $check", id=_CHECK, check=check),
            w.run(
                "UNWIND $ids AS id MERGE (s:Suppressed {id: id}) ON CREATE SET s.at = $at, s.author = $author",
                ids=list(ids),
                at=at,
                author=author,
            ),
        )
    )
