"""Exposure of the portfolio: sorting, greedy and MILP against trying every set."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from graphmap.planning.departure import depart
from graphmap.planning.portfolio import DISTURBED, STRANDED, Objective, Shares, firm_absence, shares_of, worst
from tests.planning.test_departure import moment, ours_now
from tests.scoring.worlds import World, worlds


@st.composite
def tables(draw: st.DrawFn) -> Shares:
    accounts, people = draw(st.integers(1, 6)), draw(st.integers(1, 6))
    rows, columns, shares = [], [], []
    for account in range(accounts):
        who = draw(st.lists(st.integers(0, people - 1), min_size=1, max_size=people, unique=True))
        parts = np.array([draw(st.integers(1, 20)) for _ in who], dtype=np.float64)
        firm = draw(st.sampled_from([0.0, 0.2, 0.5]))
        rows += [account] * len(who)
        columns += who
        shares += (parts / parts.sum() * (1 - firm)).tolist()
    value = np.array([draw(st.integers(0, 50)) for _ in range(accounts)], dtype=np.float64)
    order = np.lexsort((columns, rows))
    return Shares(
        np.array(rows, dtype=np.int32)[order], np.array(columns, dtype=np.int32)[order], np.array(shares)[order],
        value, np.arange(people, dtype=np.int32), valued=True,
    )  # fmt: skip


def worth(table: Shares, some: tuple[int, ...], objective: Objective) -> float:
    """Literally, account by account."""
    total = 0.0
    for account, value in enumerate(table.value.tolist()):
        held = [
            s
            for r, c, s in zip(table.row, table.column, table.share, strict=True)
            if r == account and int(c) in some
        ]
        match objective:
            case "exposure":
                total += value * sum(held)
            case "disturbed":
                total += value * any(s >= DISTURBED - 1e-12 for s in held)
            case "stranded":
                total += value * (sum(held) >= STRANDED - 1e-12)
    return total


@settings(max_examples=150)
@given(tables(), st.integers(1, 4), st.sampled_from(["exposure", "disturbed", "stranded"]))
def test_against_trying_every_set(table: Shares, k: int, objective: Objective) -> None:
    k = min(k, len(table.people))
    best = max(worth(table, some, objective) for some in itertools.combinations(range(len(table.people)), k))
    found = worst(table, k, objective)
    assert len(found.people) == k
    assert found.worth == pytest.approx(worth(table, found.people, objective))
    assert sum(added for _, added in found.accounts) == pytest.approx(found.worth)
    assert found.bound >= best - 1e-6 * max(best, 1)
    if objective == "disturbed":
        assert found.worth >= (1 - 1 / np.e) * best - 1e-9
    else:
        assert found.worth == pytest.approx(best)
        assert found.gap < 1e-6


def test_greedy_alone_would_miss_what_only_two_together_strand() -> None:
    """Each of the first two strands nothing alone; a third strands a small account at once."""
    table = Shares(
        np.array([0, 0, 1], dtype=np.int32), np.array([0, 1, 2], dtype=np.int32), np.array([0.3, 0.3, 0.9]),
        np.array([100.0, 1.0]), np.arange(3, dtype=np.int32), valued=True,
    )  # fmt: skip
    found = worst(table, 2, "stranded")
    assert (found.people, found.worth, found.method) == ((0, 1), 100.0, "milp")


@settings(max_examples=60)
@given(worlds(newest=1), st.booleans())
def test_the_shares_are_those_of_the_numbers_and_their_sum_is_what_a_departure_takes(
    world: World, valued: bool
) -> None:
    at = moment(world)
    value = np.full(len(at.scores.accounts), 10.0 if valued else np.nan)
    table = shares_of(at, value)
    assume(len(table.people))
    assert table.valued == (valued and bool(np.any(at.scores.status != 2)))
    for column, person in enumerate(table.people.tolist()):
        lost = sum((10 if table.valued else 1) * (1 - x.retained) for x in depart(at, [person]).losses)
        assert table.carried(table.value)[column] == pytest.approx(lost, abs=1e-9)


@settings(max_examples=60)
@given(worlds(newest=1))
def test_the_absence_factor_orphans_more_than_half_and_no_smaller_set_than_stated_does(world: World) -> None:
    at = moment(world)
    value = np.ones(len(at.scores.accounts))
    found = firm_absence(at, value)
    log, ties, contacts = at.log, at.scores.ties, at.scores.contacts
    active = np.flatnonzero(ties.active)
    behind: dict[int, set[int]] = {}
    for k in active.tolist():
        behind.setdefault(int(ties.contact_slot[k]), set()).add(int(log.rep[k]))
    kinds = {int(a) for a in at.scores.accounts}
    behind = {slot: who for slot, who in behind.items() if int(contacts.account[slot]) in kinds}
    total = sum(float(contacts.vote[slot]) for slot in behind)
    if total <= 0:
        assert found is None
        return

    def orphaned(some: set[int]) -> float:
        return sum(float(contacts.vote[slot]) for slot, who in behind.items() if who <= some) / total

    reps = sorted({r for who in behind.values() for r in who})
    assert found is not None
    assert orphaned(set(found.people)) == pytest.approx(found.orphaned)
    assert found.orphaned > 0.5
    smallest = next(
        n for n in range(1, len(reps) + 1)
        if any(orphaned(set(some)) > 0.5 + 1e-12 for some in itertools.combinations(reps, n))
    )  # fmt: skip
    assert found.at_least <= smallest <= len(found.people)
    assert set(found.people) <= set(ours_now(at))
