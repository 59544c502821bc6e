"""Deals, as far as planning asks for them."""

from __future__ import annotations

from graphmap.store.graphstore import GraphStore


def firms_with_lost(store: GraphStore, since: str) -> list[str]:
    """Firms with a deal that was lost on that day (YYYY-MM-DD) or later, by id."""
    rows = store.read(
        "MATCH (o:Opportunity {status: 'lost'})-[:FOR]->(f:Firm) WHERE o.close_on IS NOT NULL AND o.close_on >= $since "
        "RETURN DISTINCT f.id ORDER BY f.id",
        since=since,
    )
    return [str(row[0]) for row in rows]
