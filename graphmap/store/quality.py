"""Data quality: what could not be matched."""

from __future__ import annotations

from collections import Counter

from graphmap.store.graphstore import GraphStore


def unmatched_domains(store: GraphStore, limit: int = 100) -> list[tuple[str, int]]:
    """Domains of addresses that took part in something and belong to no firm, with the number of addresses."""
    rows = store.read(
        "MATCH (p:Person {made: true}) WHERE NOT EXISTS { MATCH (p)-[:WORKS_AT]->(:Firm) } RETURN collect(p.id)"
    )
    addresses = [str(a) for columns in rows for column in columns if isinstance(column, list) for a in column]
    return Counter(a.rpartition("@")[2] for a in addresses).most_common(limit)
