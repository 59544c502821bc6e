"""For analysts in Python: one account as a NetworkX graph, the portfolio as pandas frames."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from graphmap.config import Settings
from graphmap.scoring.account import Tie
from graphmap.scoring.account import account_graph as graph_of
from graphmap.scoring.formula import Formula
from graphmap.scoring.frames import account_frame, tie_frame
from graphmap.services.accountpage import account_page
from graphmap.services.scoringrun import compute
from graphmap.services.values import LOCAL_ADMIN, Viewer
from graphmap.store import opening
from graphmap.store.graphstore import GraphStore

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd


def open_store(settings: Settings | None = None) -> GraphStore:
    """The store that the settings name (environment and graphmap.toml by default); use it in a ``with`` block."""
    return opening.open_store(settings or Settings.load())


def account_graph(
    store: GraphStore, account: str, *, settings: Settings | None = None, viewer: Viewer = LOCAL_ADMIN
) -> nx.Graph:
    """One account of the latest scoring run as an undirected graph.

    Nodes ``("ours", person)`` and ``("theirs", person)`` with ``name``, ``side``, ``firm``, ``seniority``; edges with ``strength``,
    ``inbound``, ``outbound``, ``other`` (fresh two-way mails) and ``active``. Ties of people who have left are not in it.

    Raises:
        NotFoundError: there is no such account. NotScoredError: nothing was scored yet.
    """
    page = account_page(store, viewer, account)
    gone = {r.id for r in page.reps if r.left} | {c.id for c in page.contacts if c.left}
    ties = [
        Tie(t.rep, t.contact, t.strength, t.inbound, t.outbound, t.other)
        for t in page.ties
        if t.rep not in gone and t.contact not in gone
    ]
    levels: Mapping[str, int] = {c.id: c.seniority for c in page.contacts if c.seniority is not None}
    names = {"FIRM": "the firm itself", **{p.id: p.name for p in (*page.reps, *page.contacts)}}
    return graph_of(ties, Formula.from_settings(settings or Settings.load()), seniority=levels, names=names)


class Frames(NamedTuple):
    """``accounts`` and ``ties``; columns and units in ``graphmap.scoring.frames``."""

    accounts: pd.DataFrame
    ties: pd.DataFrame


def frames(store: GraphStore, *, settings: Settings | None = None, as_of: int | None = None) -> Frames:
    """The whole portfolio and all its ties at ``as_of`` (epoch ms; default: the newest interaction that is not in the future)."""
    chosen: Any = settings or Settings.load()
    scored = compute(store, chosen, now=time.time_ns() // 1_000_000, as_of=as_of)
    data = scored.data
    return Frames(
        account_frame(scored.scores, data.directory),
        tie_frame(data.log, scored.sums, scored.scores, data.directory),
    )
