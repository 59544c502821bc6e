"""The kernels equal the literal way, and both equal NetworkX, on random portfolios."""

from __future__ import annotations

import math

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphmap.scoring.account import Tie, account_graph, connectivity, cut_people, literal
from graphmap.scoring.formula import Formula
from tests.scoring.worlds import World, kernel, reference, worlds


def assert_same(mine: dict[str, object], literally: dict[str, object], where: str) -> None:
    for name, wanted in literally.items():
        got = mine[name]
        if isinstance(wanted, float) and isinstance(got, float):
            assert math.isclose(got, wanted, rel_tol=1e-9, abs_tol=1e-12), (where, name, got, wanted)
        elif isinstance(wanted, dict):
            assert got.keys() == wanted.keys(), (where, name)
            for key in wanted:
                assert math.isclose(got[key], wanted[key], rel_tol=1e-9, abs_tol=1e-12), (where, name, key)
        else:
            assert got == wanted, (where, name, got, wanted)


@settings(max_examples=150)
@given(
    worlds(oldest=1200, newest=-20), st.sampled_from([0.0, 0.1, 0.5, 3.0]), st.sampled_from([0.0, 0.8, 1.0])
)
def test_kernels_equal_the_literal_way(world: World, baseline: float, reciprocity: float) -> None:
    formula = Formula(reciprocity=reciprocity, max_contacts=4)
    mine = kernel(world, formula, baseline).by_account
    for account, literally in reference(world, formula, baseline).items():
        near = abs((literally["n_eff"] or 0) - 8) < 1e-6  # on the very edge either status is right
        if not near:
            assert_same(mine[account], literally, account)


@settings(max_examples=100)
@given(worlds())
def test_kernels_equal_the_networkx_account(world: World) -> None:
    formula = Formula()
    answer = kernel(world, formula, 0.5)
    log, scores, directory = answer.log, answer.scores, answer.directory
    people = (*directory.person_ids, "FIRM")
    for k, firm in enumerate(scores.accounts.tolist()):
        low, high = log.tie_range(firm)
        rows = [t for t in range(low, high) if scores.ties.kept[t]]
        ties = [Tie(people[log.rep[t]], people[log.contact[t]], float(scores.ties.strength[t])) for t in rows]
        mine = np.flatnonzero(scores.contacts.account == firm)
        seniority = {people[scores.contacts.contact[c]]: int(scores.contacts.seniority[c]) for c in mine}
        owner = dict(world.owners).get(directory.firm_ids[firm])
        found = literal(account_graph(ties, formula, seniority=seniority), formula, 0.5, owner)
        row = answer.by_account[directory.firm_ids[firm]]
        if found is None:
            assert row["status"] == "no_data"
            continue
        assert row["top_rep"] == found.top_rep
        assert row["dependence"] == pytest.approx(found.dependence, rel=1e-9, abs=1e-12)
        assert row["firm"] == pytest.approx(found.firm, rel=1e-9, abs=1e-12)
        assert row["connectivity"] == found.connectivity
        assert row["bus_factor"] == found.bus_factor
        assert (row["active_reps"], row["active_contacts"]) == (found.active_reps, found.active_contacts)
        assert row["effective_contacts"] == pytest.approx(found.effective_contacts, rel=1e-9)
        assert scores.band[k] == found.band


@settings(max_examples=200)
@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=18, unique=True))
def test_connectivity_four_networkx_ways(edges: list[tuple[int, int]]) -> None:
    graph = account_graph([Tie(f"r{a}", f"c{b}", 1.0) for a, b in edges], Formula())
    kappa = connectivity(graph)
    reps = {node for node in graph if node[0] == "ours"}
    flow = nx.Graph(graph.edges)
    flow.add_edges_from(("s", rep) for rep in reps)
    flow.add_edges_from((node, "t") for node in graph if node[0] == "theirs")
    if not edges:
        assert kappa == 0
        return
    assert nx.node_connectivity(flow, "s", "t") == kappa
    assert len(nx.minimum_node_cut(flow, "s", "t")) == kappa
    matching = nx.bipartite.hopcroft_karp_matching(graph, top_nodes=reps)
    assert len(nx.bipartite.to_vertex_cover(graph, matching, top_nodes=reps)) == kappa


@settings(max_examples=200)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=8, unique=True))
def test_cut_people_are_those_without_whom_nothing_is_left(edges: list[tuple[int, int]]) -> None:
    graph = account_graph([Tie(f"r{a}", f"c{b}", 1.0) for a, b in edges], Formula())
    by_hand = sorted(
        node[1] for node in graph if graph.subgraph(n for n in graph if n != node).number_of_edges() == 0
    )
    assert cut_people(graph) == by_hand
