"""The coverage planner: every step is the literal number with one more tie, and no smaller set does it."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphmap.planning.coverage import Coverage, cover, introduced
from graphmap.planning.handover import ContactRule
from graphmap.planning.profiles import bench
from graphmap.scoring.account import Tie, account_graph, literal
from graphmap.scoring.moment import Moment
from tests.planning.test_departure import WORLD, moment
from tests.planning.test_handover import unknown
from tests.scoring.worlds import World, worlds

FIRM = "FIRM"


def literally(at: Moment, account: int, added: dict[tuple[int, int], float]) -> float:
    """D of an account by NetworkX with more ties."""
    low, high = at.log.tie_range(account)
    strength = {
        (int(at.log.rep[k]), int(at.log.contact[k])): float(at.scores.ties.strength[k])
        for k in range(low, high)
        if at.scores.ties.kept[k]
    }
    for pair, s in added.items():
        strength[pair] = max(strength.get(pair, 0.0), s)
    ties = [
        Tie(FIRM if r == at.directory.firm_rep else f"{r:04}", f"{c:04}", s) for (r, c), s in strength.items()
    ]
    contacts = np.array(sorted({c for _, c in strength}), dtype=np.int32)
    levels = at.directory.seniority_on(contacts, np.full(len(contacts), account, dtype=np.int32), at.day)
    seniority = {f"{c:04}": int(level) for c, level in zip(contacts, levels, strict=True)}
    found = literal(account_graph(ties, at.formula, seniority=seniority), at.formula, at.baseline or 0.0)
    return 0.0 if found is None else found.dependence


def plans_of(at: Moment, limit: float) -> list[Coverage]:
    people = bench(at, unknown(at))
    found = [cover(people, int(a), limit=limit) for a in at.scores.accounts]
    return [one for one in found if one is not None]


@settings(max_examples=80)
@given(worlds(newest=1), st.sampled_from([0.3, 0.5, 0.6, 0.8]))
def test_the_dependence_after_every_step_is_the_literal_one_and_falls(world: World, limit: float) -> None:
    at = moment(world)
    for plan in plans_of(at, limit):
        row = int(np.searchsorted(at.scores.accounts, plan.account))
        assert plan.before == pytest.approx(float(at.scores.dependence[row]), abs=1e-12)
        assert plan.before == pytest.approx(literally(at, plan.account, {}), abs=1e-9)
        added: dict[tuple[int, int], float] = {}
        now = plan.before
        for step in plan.steps:
            added[step.rep, step.contact] = plan.strength
            assert step.dependence == pytest.approx(literally(at, plan.account, added), abs=1e-9)
            now = step.dependence
        assert plan.reached == (now < limit)
        assert len(added) == len(plan.steps)
        assert not plan.steps or now < plan.before


@settings(max_examples=40)
@given(worlds(newest=1), st.sampled_from([0.4, 0.6]))
def test_exact_means_that_no_smaller_set_does_it(world: World, limit: float) -> None:
    at = moment(world)
    everybody = range(len(at.directory.person_ids))
    for plan in plans_of(at, limit):
        if not plan.exact or len(plan.steps) < 2:
            continue
        low, high = at.log.tie_range(plan.account)
        active = {
            (int(at.log.rep[k]), int(at.log.contact[k])) for k in range(low, high) if at.scores.ties.active[k]
        }
        kept = [k for k in range(low, high) if at.scores.ties.kept[k] and at.scores.ties.named[k]]
        reps = {int(at.log.rep[k]) for k in kept} - {plan.top_rep}
        contacts = {
            c
            for c in everybody
            if at.directory.unnamed_of[c] < 0
            and (c in {int(at.log.contact[k]) for k in range(low, high)} or _works_there(at, c, plan.account))
            and not at.directory.contact_left(
                np.array([c], dtype=np.int32), np.array([plan.account], dtype=np.int32), at.day
            )[0]
        }
        pairs = [p for p in itertools.product(sorted(reps), sorted(contacts)) if p not in active]
        for some in itertools.combinations(pairs, len(plan.steps) - 1):
            assert literally(at, plan.account, dict.fromkeys(some, plan.strength)) >= limit - 1e-9


def _works_there(at: Moment, person: int, account: int) -> bool:
    directory = at.directory
    rows = (directory.person == person) & (directory.firm == account)
    return bool(np.any(rows & (directory.start <= at.day) & (at.day < directory.end)))


def test_an_introduction_becomes_the_median_active_strength_of_the_account_or_what_is_set() -> None:
    at = moment(WORLD)
    account = at.directory.firm_ids.index("acme")
    low, high = at.log.tie_range(account)
    active = at.scores.ties.strength[low:high][at.scores.ties.active[low:high]]
    assert introduced(at, account) == pytest.approx(float(np.median(active)))
    plan = cover(bench(at, unknown(at)), account, limit=0.6, becomes=3.0)
    assert plan is not None
    assert plan.strength == 3.0
    assert {at.directory.person_ids[s.rep] for s in plan.steps} == {"ben"}


def test_rules_opt_outs_and_departments_steer_who_is_introduced_to_whom() -> None:
    at = moment(WORLD)
    ids = at.directory.person_ids
    account = at.directory.firm_ids.index("acme")
    carl, ben = ids.index("carl"), ids.index("ben")

    def introductions(
        limit: float, rules: dict[int, ContactRule], **known: list[int]
    ) -> list[tuple[str, str]]:
        plan = cover(bench(at, unknown(at, **known)), account, limit=limit, rules=rules)
        assert plan is not None
        return [(ids[s.rep], ids[s.contact]) for s in plan.steps]

    assert ("ben", "carl") in introductions(0.5, {})
    assert "carl" not in {c for _, c in introductions(0.5, {carl: ContactRule()})}
    assert ("ben", "carl") in introductions(0.5, {carl: ContactRule(ben)})
    assert "carl" not in {c for _, c in introductions(0.5, {carl: ContactRule(ids.index("anna"))})}
    silent = [int(one == "carl") for one in ids]
    assert "carl" not in {c for _, c in introductions(0.5, {}, silent=silent)}
    nobody = [int(one == "ben") for one in ids]
    assert introductions(0.5, {}, silent=nobody) == []


def test_nothing_is_planned_below_the_limit_and_nothing_promised_where_it_cannot_be_reached() -> None:
    at = moment(WORLD)
    account = at.directory.firm_ids.index("acme")
    below = cover(bench(at, unknown(at)), account, limit=0.99)
    assert below is not None
    assert (below.steps, below.reached, below.exact) == ((), True, True)
    never = cover(bench(at, unknown(at)), account, limit=0.01)
    assert never is not None
    assert not never.reached
    assert not never.exact
    alone = moment(replace(WORLD, events=()))
    assert cover(bench(alone, unknown(alone)), account) is None
