"""Pairs of people that may be one, for a human to decide: derived, rewritten where they differ."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from graphmap.store.graphstore import GraphStore
from graphmap.store.transactions import Writer

PAGE = 2_000


@dataclass(frozen=True, slots=True)
class StoredProposal:
    """Two people (ids) that may be one, by the identities ``keys``; ``score`` 0-100, ``reasons`` in words."""

    one: str
    other: str
    keys: tuple[str, str]
    score: int
    reasons: tuple[str, ...]

    @property
    def id(self) -> str:
        """The same pair of identities is the same proposal."""
        return "p-" + hashlib.blake2b("\x1f".join(sorted(self.keys)).encode(), digest_size=6).hexdigest()


def proposals(store: GraphStore) -> list[StoredProposal]:
    """All of them, the surest first."""
    rows = store.read(
        "MATCH (p:Proposal) RETURN p.one, p.other, p.keys, p.score, p.reasons ORDER BY p.score DESC, p.id"
    )
    return [
        StoredProposal(str(one), str(other), (str(keys[0]), str(keys[1])), int(str(score)), tuple(map(str, reasons)))
        for one, other, keys, score, reasons in rows
        if isinstance(keys, list) and isinstance(reasons, list)
    ]  # fmt: skip


def save_proposals(store: GraphStore, wanted: Sequence[StoredProposal]) -> None:
    """Makes the stored ones equal to these; what is the same is not written."""
    known = {p.id: p for p in proposals(store)}
    now = {p.id: p for p in wanted}
    gone = sorted(known.keys() - now.keys())
    changed = [p for i, p in sorted(now.items()) if known.get(i) != p]
    for begin in range(0, len(gone), PAGE):
        page = gone[begin : begin + PAGE]
        store.write_with(
            lambda w, page=page: w.run("UNWIND $ids AS id MATCH (p:Proposal {id: id}) DELETE p", ids=page)
        )
    for begin in range(0, len(changed), PAGE):
        store.write_with(lambda w, page=changed[begin : begin + PAGE]: _write(w, page))


def _write(writer: Writer, page: Sequence[StoredProposal]) -> None:
    writer.run(
        "UNWIND $rows AS r MERGE (p:Proposal {id: r.id}) SET p.one = r.one, p.other = r.other, p.keys = r.keys, "
        "p.score = r.score, p.reasons = r.reasons",
        rows=[
            {
                "id": p.id, "one": p.one, "other": p.other, "keys": list(p.keys), "score": p.score, "reasons": list(p.reasons),
            }
            for p in page
        ],
    )  # fmt: skip
