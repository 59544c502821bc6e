"""Every ready question, its rows exactly, on every server and through the analyst door."""

from __future__ import annotations

import pytest

from graphmap.errors import ConfigError, NotFoundError
from graphmap.store import GraphStore
from graphmap.store.door import check_statement
from graphmap.store.library import named_queries, named_query

EXPECTED = {
    ("accounts_by_band", ()): [
        ("captive", "ok", "EUR", 1, 100.0),
        ("shared", "ok", "EUR", 1, 50.0),
        (None, "no_data", None, 1, 0.0),
    ],
    ("single_thread_accounts", ()): [("a", "Alpha", 90.0, 70.0, 95.0, "Ann", 1, 20)],
    ("single_thread_accounts", (("least", "90.5"),)): [],
    ("account_ties", (("account", "a"),)): [
        ("x1", "Xenia", "FIRM", "the firm", 0.5, 0.0, 0.0, 0.5, 1, 5, 6),
        ("x1", "Xenia", "ann", "Ann", 2.0, 1.0, 1.0, 0.0, 2, 10, 20),
    ],
    ("account_ties", (("account", "c"),)): [],
    ("who_knows", (("who", "x2"),)): [
        ("b", "x2", "Xaver", "bo", "Bo", 3.0, 20),
        ("b", "x2", "Xaver", "ann", "Ann", 1.0, 20),
    ],
    ("who_knows", (("who", "a"),)): [("a", "x1", "Xenia", "ann", "Ann", 2.0, 20)],
    ("plain_shares", ()): [
        ("a", "Alpha", 3, 2, "Ann", 2, 200 / 3),
        ("b", "Beta", 3, 2, "Bo", 2, 200 / 3),
        ("c", "Gamma", 1, 1, "Dan", 1, 100.0),
        ("d", "Delta", 1, 0, None, 0, 0.0),
    ],
    ("plain_shares", (("account", "c"),)): [("c", "Gamma", 1, 1, "Dan", 1, 100.0)],
    ("owner_not_in_touch", ()): [("a", "Alpha", "bo", "Bo", "ann", "Ann", 90.0)],
    ("contacts_of_one_rep", ()): [("a", "x1", "Xenia", "ann", "Ann", 2.0, 20)],
    ("contacts_of_one_rep", (("account", "b"),)): [],
    ("firms_unmatched", ()): [("n", "n.example", ["n.example"], 1, 1)],
    ("colleagues_in_common", (("person", "bo"),)): [("ann", "Ann", 1, 1)],
    ("interactions_of_account", (("account", "a"), ("newest", "2"))): [
        ("i3", 30, "email", None, ["from:Bo", "to:Xenia", "to:Xaver"]),
        ("i2", 20, "email", None, ["from:Xenia", "to:Ann", "cc:Ann"]),
    ],
    ("interactions_of_account", (("account", "d"),)): [
        ("i7", 70, "email", None, ["channel:Own", "account:d@mail"])
    ],
    ("handovers", (("account", "a"),)): [("ann", "Ann", 10, 20, 2), ("bo", "Bo", 30, 30, 1)],
    ("findings_by_rule", ()): [("dormant", "info", 1), ("single_threaded_us", "critical", 2)],
    ("departed_people_with_ties", ()): [("dan", "Dan", "2020-01-01", "c", "Gamma", 1, 60)],
    ("departed_people_with_ties", (("on", "2019-12-31"),)): [],
    ("data_quality", ()): [
        ("accounts without an interaction", 0),
        ("accounts without an owner", 2),
        ("firms known only by a domain", 1),
        ("identities with nobody behind them", 1),
        ("people known only by an address", 1),
        ("people without a firm", 1),
        ("source records set aside and still open", 1),
    ],
}


@pytest.mark.parametrize(("name", "given"), EXPECTED, ids=str)
def test_rows(small_graph: GraphStore, name: str, given: tuple[tuple[str, str], ...]):
    query = named_query(name)
    answer = small_graph.ask(query.cypher, query.values(dict(given)), seconds=5, rows=1000)
    assert list(answer.rows) == EXPECTED[name, given]
    assert answer.columns == query.columns
    assert not answer.truncated


def test_every_query_is_covered_and_described():
    assert {name for name, _ in EXPECTED} == {query.name for query in named_queries()}
    for query in named_queries():
        assert query.question.endswith("?")
        assert "best" not in query.question.lower()
        for parameter in query.parameters:
            assert f"${parameter.name}" in query.cypher
            assert parameter.about
        check_statement(query.cypher)


def test_parameters_are_checked():
    query = named_query("interactions_of_account")
    assert query.values({"account": "a", "newest": "7"}) == {"account": "a", "newest": 7}
    assert query.values({"account": "a"}) == {"account": "a", "newest": 50}
    for given in ({}, {"account": "a", "newest": "many"}, {"account": "a", "other": 1}):
        with pytest.raises(ConfigError):
            query.values(given)
    with pytest.raises(NotFoundError, match="plain_shares"):
        named_query("nothing")
