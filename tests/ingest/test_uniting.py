"""P5: copies of one mail are one interaction, other mails under the same Message-ID are others; the order says nothing."""

from __future__ import annotations

import dataclasses
from random import Random

import networkx as nx
from hypothesis import given
from hypothesis import strategies as st

from graphmap.ingest.uniting import unite
from graphmap.store.interactions import Statement

DAY = 86_400_000


def said(sender: str, at: int, *to: str, name: str = "box") -> Statement:
    pairs = (("from", sender), *(("to", who) for who in to))
    return Statement(f"{name}#{at}{sender}{to}", "run", "email", at, None, "t", f"{sender}{at}{to}", pairs)


def test_the_same_id_from_another_sender_or_days_later_is_another_mail() -> None:
    anna, ben = said("mail:anna@us", 0, "mail:carl@x"), said("mail:ben@us", DAY, "mail:carl@x")
    later = said("mail:anna@us", 3 * DAY, "mail:dora@y")
    assert unite([ben, later, anna]) == [anna, ben, later]


def test_a_copy_with_another_address_of_the_same_sender_is_the_same_mail() -> None:
    one, other = (
        said("mail:anna@us", 0, "mail:carl@x"),
        said("mail:a.ash@us", 59_999, "mail:carl@x", "mail:b@x"),
    )
    (together,) = unite([one, other])
    assert len(together.participants) == 4
    assert len(unite([one, said("mail:a.ash@us", 60_000, "mail:carl@x")])) == 2


def test_a_copy_whose_sender_is_in_no_address_is_the_same_mail() -> None:
    one, other = said("mail:anna@us", 0, "mail:carl@x"), said("id:/O=US/CN=ANNA", 2 * DAY, "mail:carl@x")
    assert len(unite([one, other])) == 1
    assert len(unite([one, said("id:/O=US/CN=ANNA", 2 * DAY + 1, "mail:carl@x")])) == 2


def test_a_meeting_that_was_moved_is_one_meeting() -> None:
    one, other = (
        dataclasses.replace(said("mail:a@us", at, "mail:b@x"), kind="meeting") for at in (0, 9 * DAY)
    )
    assert len(unite([one, other])) == 1


SENDERS = st.sampled_from(["mail:a@us", "mail:b@us", "id:/O=US/CN=A"])
STATEMENTS = st.lists(
    st.builds(
        said, SENDERS, st.integers(0, 12).map(lambda n: n * DAY // 2 + n % 3),
        st.sampled_from(["mail:x@x", "mail:y@y"]), name=st.sampled_from(["one", "two"]),
    ),
    min_size=1, max_size=12, unique_by=lambda s: s.name,
)  # fmt: skip


def _may_be_copies(one: Statement, other: Statement) -> bool:
    """The rule as docs/sources/mail.md says it, on a pair."""
    senders = [
        {k for role, k in s.participants if role == "from" and k.startswith("mail:")} for s in (one, other)
    ]
    receivers = [{k for role, k in s.participants if role == "to"} for s in (one, other)]
    if one.at // 60_000 == other.at // 60_000 and receivers[0] & receivers[1]:
        return True
    near = abs(one.at - other.at) <= 2 * DAY
    return near and (not all(senders) or bool(senders[0] & senders[1]))


@given(STATEMENTS)
def test_the_sets_are_those_that_the_rule_on_pairs_connects(statements: list[Statement]) -> None:
    pairs: nx.Graph[int] = nx.Graph()
    pairs.add_nodes_from(range(len(statements)))
    pairs.add_edges_from(
        (i, j) for i, a in enumerate(statements) for j, b in enumerate(statements) if _may_be_copies(a, b)
    )
    together = unite(statements)
    assert len(together) == nx.number_connected_components(pairs)
    everybody = {pair for s in statements for pair in s.participants}
    assert {pair for one in together for pair in one.participants} == everybody


@given(STATEMENTS, st.randoms())
def test_the_order_of_statements_does_not_matter(statements: list[Statement], dice: Random) -> None:
    shuffled = list(statements)
    dice.shuffle(shuffled)
    assert unite(shuffled) == unite(statements)
