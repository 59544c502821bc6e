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


def by_firm(store: GraphStore) -> dict[str, list[tuple[str, str | None]]]:
    """Every firm's deals as (status, day of closing), by day."""
    rows = store.read(
        "MATCH (o:Opportunity)-[:FOR]->(f:Firm) RETURN f.id, coalesce(o.status, ''), o.close_on ORDER BY f.id, o.close_on, o.id"
    )
    found: dict[str, list[tuple[str, str | None]]] = {}
    for firm, status, day in rows:
        found.setdefault(str(firm), []).append((str(status), None if day is None else str(day)))
    return found


def renewals(store: GraphStore) -> dict[str, str]:
    """The day of renewal of every account that has one."""
    rows = store.read(
        "MATCH (f:Firm {kind: 'account'}) WHERE f.renewal_on IS NOT NULL RETURN f.id, f.renewal_on"
    )
    return {str(firm): str(day) for firm, day in rows}
