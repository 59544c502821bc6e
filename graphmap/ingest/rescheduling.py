"""Meetings that a calendar held when it was imported before, and does not hold now: a series that ends earlier, a moved event.

A calendar tells all of an event (``Sourced.whole_since``), so what is missing was called off or moved; nothing is deleted. Events
that are gone altogether are left alone: calendars forget what is old, and exports can be of a part.
"""

from __future__ import annotations

from graphmap.ingest.interactionloading import KnownInteractions
from graphmap.store import interactions
from graphmap.store.graphstore import GraphStore


def rescheduled(store: GraphStore, known: KnownInteractions) -> list[tuple[str, str, list[str]]]:
    """Interactions in the store that a source told before and no file of this import tells, although it tells their threads.

    By the name of the source's statements and the part that told the thread last: (statement, part, ids in order).
    """
    found: dict[tuple[str, str], list[str]] = {}
    for statement, threads in sorted(known.whole.items()):
        earliest = min(since for since, _ in threads.values())
        for identifier, thread, at in interactions.stated_by(store, statement, earliest):
            since, part = threads.get(thread, (at + 1, ""))
            if at >= since and not known.told(statement, identifier):
                found.setdefault((statement, part), []).append(identifier)
    return [(statement, part, ids) for (statement, part), ids in found.items()]
