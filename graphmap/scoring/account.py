"""One account as a NetworkX graph, and its numbers computed literally from it: the definition that the kernels must equal."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import networkx as nx

from graphmap.scoring.formula import EPSILON, Formula, band_of

OURS, THEIRS = "ours", "theirs"
FIRM = "FIRM"


@dataclass(frozen=True, slots=True)
class Tie:
    """One tie as plain values: strength s, its parts, and whether it is active."""

    rep: str
    contact: str
    strength: float
    inbound: float = 0.0
    outbound: float = 0.0
    other: float = 0.0


def account_graph(
    ties: Iterable[Tie],
    formula: Formula,
    *,
    seniority: Mapping[str, int] | None = None,
    names: Mapping[str, str] | None = None,
) -> nx.Graph:
    """The account as an undirected graph: nodes ``("ours", rep)`` and ``("theirs", contact)``, one edge per tie.

    Node attributes: ``side`` (ours, theirs), ``name``, ``firm`` (True for FIRM), ``seniority`` (contacts, -1 unknown). Edge
    attributes: ``strength``, ``inbound``, ``outbound``, ``other`` (fresh two-way mails), ``weight`` (= strength), ``active``.
    FIRM's ties are never active.

    >>> graph = account_graph([Tie("anna", "carl", 2.0)], Formula())
    >>> graph.edges[("ours", "anna"), ("theirs", "carl")]["active"]
    True
    """
    graph = nx.Graph()
    called = names or {}
    levels = seniority or {}
    for tie in ties:
        ours, theirs = (OURS, tie.rep), (THEIRS, tie.contact)
        graph.add_node(ours, side=OURS, name=called.get(tie.rep, tie.rep), firm=tie.rep == FIRM)
        graph.add_node(
            theirs,
            side=THEIRS,
            name=called.get(tie.contact, tie.contact),
            firm=False,
            seniority=levels.get(tie.contact, -1),
        )
        active = tie.rep != FIRM and tie.strength >= formula.active_strength - EPSILON
        graph.add_edge(
            ours, theirs, strength=tie.strength, weight=tie.strength, inbound=tie.inbound, outbound=tie.outbound,
            other=tie.other, active=active,
        )  # fmt: skip
    return graph


def active_graph(graph: nx.Graph) -> nx.Graph:
    """The subgraph of active ties (named reps and contacts)."""
    edges = [(a, b) for a, b, active in graph.edges(data="active") if active]
    return graph.edge_subgraph(edges).copy() if edges else nx.Graph()


def connectivity(graph: nx.Graph) -> int:
    """People on either side who must leave to cut every active tie.

    Equals the maximum matching of the active ties (Koenig) and the s-t node connectivity of s - reps - contacts - t (Menger).
    Raises nothing for an empty graph: 0.
    """
    active = active_graph(graph)
    reps = {node for node in active if node[0] == OURS}
    return len(nx.bipartite.hopcroft_karp_matching(active, top_nodes=reps)) // 2 if reps else 0


def cut_people(graph: nx.Graph) -> list[str]:
    """Ids of the people whose leaving alone ends every active tie (connectivity 1), sorted; empty otherwise."""
    active = active_graph(graph)
    if not active or connectivity(graph) != 1:
        return []
    return sorted(node[1] for node in active if active.degree[node] == active.number_of_edges())


@dataclass(frozen=True, slots=True)
class Literal:
    """The structural numbers of one account, shares 0-1, computed step by step."""

    votes: dict[str, float]
    shares: dict[str, float]
    firm: float
    top_rep: str | None
    dependence: float
    effective_reps: float | None
    contact_dependence: float
    effective_contacts: float
    bus_factor: int | None
    connectivity: int
    active_reps: int
    active_contacts: int
    band: str


def literal(graph: nx.Graph, formula: Formula, baseline: float, owner: str | None = None) -> Literal | None:
    """All structural numbers of an account from its graph; None without data (no contact with S > 0).

    ``omega_c = a_c S_c^beta / sum``, ``P_r = sum_c omega_c s_rc / (S_c + s0)``, ``D = max P``, ``F = 1 - sum P``.
    """
    contacts = [node for node in graph if node[0] == THEIRS]
    strength = {c: float(graph.degree(c, weight="strength")) for c in contacts}
    known = [c for c in contacts if strength[c] > 0]
    if not known:
        return None
    raw = {
        c: formula.authority[graph.nodes[c]["seniority"]] * strength[c] ** formula.vote_exponent
        for c in known
    }
    whole = math.fsum(raw.values())
    votes = {c: value / whole for c, value in raw.items()}
    shares: dict[str, float] = {}
    for rep in (node for node in graph if node[0] == OURS and node[1] != FIRM):
        terms = [
            votes[c] * graph.edges[rep, c]["strength"] / (strength[c] + baseline)
            for c in graph[rep]
            if c in votes
        ]
        if math.fsum(terms) > 0:
            shares[rep[1]] = math.fsum(terms)
    top = min(
        (rep for rep in shares if shares[rep] >= max(shares.values()) - EPSILON),
        key=lambda rep: (rep != owner, rep),
        default=None,
    )
    dependence = shares[top] if top is not None else 0.0
    active = active_graph(graph)
    return Literal(
        votes={c[1]: v for c, v in votes.items()},
        shares=shares,
        firm=1 - math.fsum(shares.values()),
        top_rep=top,
        dependence=dependence,
        effective_reps=effective_number(shares.values()) if shares else None,
        contact_dependence=max(votes.values()),
        effective_contacts=effective_number(votes.values()),
        bus_factor=bus_factor(shares.values()),
        connectivity=connectivity(graph),
        active_reps=sum(node[0] == OURS for node in active),
        active_contacts=sum(node[0] == THEIRS for node in active),
        band=band_of(100 * dependence),
    )


def effective_number(shares: Iterable[float]) -> float:
    """``exp(-sum q ln q)`` of the shares scaled to sum 1 (Hill number of order 1).

    >>> round(effective_number([0.5, 0.25, 0.25]), 6)
    2.828427
    """
    values = [share for share in shares if share > 0]
    whole = math.fsum(values)
    return math.exp(-math.fsum(v / whole * math.log(v / whole) for v in values))


def bus_factor(shares: Iterable[float]) -> int | None:
    """Smallest number of reps whose leaving leaves at most half; None where even all of them leave more.

    >>> bus_factor([0.3, 0.3, 0.2]), bus_factor([0.2, 0.1])
    (2, None)
    """
    left = 1.0
    for count, share in enumerate(sorted(shares, reverse=True), start=1):
        left -= share
        if left <= 0.5 + EPSILON:
            return count
    return None
