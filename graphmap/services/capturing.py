"""What is connected: every source of interactions with its span, and whose mailboxes and calendars there are."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from graphmap.scoring.capture import Completeness, completeness
from graphmap.scoring.directory import Directory
from graphmap.scoring.formula import DAY_MS
from graphmap.scoring.ties import TieLog, TieSums
from graphmap.store import people, runs
from graphmap.store.graphstore import GraphStore

OF_ONE = frozenset({"mail", "calendar"})
"""Importers whose sources are one person's: who took part most often is whose it is."""


@dataclass(frozen=True, slots=True)
class Connected:
    """A source of interactions over all its imports: its importer, the addresses that took part most, first and last time (epoch ms)."""

    source: str
    importer: str
    often: tuple[str, ...]
    first_at: int
    last_at: int


def connected_sources(imports: Iterable[runs.StoredRun]) -> list[Connected]:
    """Every source that brought interactions, the one that is furthest behind first."""
    found: dict[str, Connected] = {}
    for run in imports:
        for entry in json.loads(str(run.properties.get("files", "[]"))):
            if entry.get("first_at") is None:
                continue
            first, last, source = int(entry["first_at"]), int(entry["last_at"]), str(entry["source"])
            known = found.get(source)
            found[source] = Connected(
                source,
                str(entry["importer"]) if known is None else known.importer,
                tuple(entry.get("often") or filter(None, [entry["mostly"]]))
                if known is None
                else known.often,
                first if known is None else min(known.first_at, first),
                last if known is None else max(known.last_at, last),
            )
    return sorted(found.values(), key=lambda one: (one.last_at, one.source))


def owners(store: GraphStore, sources: Iterable[Connected]) -> dict[str, tuple[str, str]]:
    """Source -> address and id of the person of ours whose mailbox or calendar it is: who of ours took part in most of it."""
    of_one = [one for one in sources if one.importer in OF_ONE]
    holders = people.behind(store, [f"mail:{address}" for one in of_one for address in one.often])
    ours = {who for who, _, kind in people.employers(store, sorted(set(holders.values()))) if kind == "own"}
    found: dict[str, tuple[str, str]] = {}
    for one in of_one:
        for address in one.often:
            who = holders.get(f"mail:{address}")
            if who is not None and who in ours:
                found[one.source] = (address, who)
                break
    return found


def completeness_of(
    store: GraphStore, log: TieLog, sums: TieSums, directory: Directory, as_of: int
) -> Completeness | None:
    """How much of each account is captured; None where nobody's mailbox or calendar is connected.

    Where a CRM export or a list brings interactions too, nothing is judged by it.
    """
    imports = (run for run in runs.runs(store) if run.kind == "import" and run.state == "finished")
    sources = connected_sources(imports)
    linked = {who for _, who in owners(store, sources).values()}
    if not linked:
        return None
    flags = np.array([person in linked for person in directory.person_ids], dtype=np.bool_)
    judges = all(one.importer in OF_ONE for one in sources)
    return completeness(log, sums, directory, flags, as_of // DAY_MS, judges=judges)
