"""The laws of the number: one test per property of the specification, numbered as there."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace

import networkx as nx
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from graphmap.scoring.account import bus_factor, effective_number
from graphmap.scoring.formula import DAY_MS, Formula
from graphmap.scoring.portfolio import tie_strength
from tests.scoring.worlds import REPS, Event, T, Work, World, events, kernel, sides, worlds

FORMULA = Formula()
CLOSE = {"rel": 1e-9, "abs": 1e-12}


def known(rows: dict[str, dict]) -> list[tuple[str, dict]]:
    return [(account, row) for account, row in rows.items() if row["status"] != "no_data"]


@given(worlds(), st.sampled_from([0.0, 0.5]))
def test_01_bounds_and_budget(world: World, s0: float) -> None:
    for _, row in known(kernel(world, FORMULA, s0).by_account):
        assert all(0 <= share <= 1 + 1e-12 for share in row["shares"].values())
        assert sum(row["shares"].values()) + row["firm"] == pytest.approx(1, abs=1e-9)
        assert row["dependence"] + row["others"] + row["firm"] == pytest.approx(1, abs=1e-9)


@given(worlds(), st.floats(0.1, 10))
def test_02_scale(world: World, factor: float) -> None:
    names = ("email", "message", "call", "meeting", "order", "firm")
    scaled = replace(FORMULA, **{f"weight_{n}": factor * getattr(FORMULA, f"weight_{n}") for n in names})
    wise = replace(
        FORMULA,
        **{
            f"authority_{n}": factor * getattr(FORMULA, f"authority_{n}")
            for n in ("user", "manager", "director", "executive", "unknown")
        },
    )
    plain = kernel(world, FORMULA, 0.5).by_account
    for account, row in kernel(world, scaled, 0.5 * factor).by_account.items():
        assert row["shares"] == pytest.approx(plain[account]["shares"], **CLOSE)
        assert row["n_eff"] == pytest.approx(plain[account]["n_eff"], rel=1e-9)
    for account, row in kernel(world, wise, 0.5).by_account.items():
        assert row["shares"] == pytest.approx(plain[account]["shares"], **CLOSE)


@given(worlds(changes=False, oldest=700), st.integers(1, 300))
def test_03_ageing_without_events(world: World, days: int) -> None:
    older = replace(world, t=T + days * DAY_MS)
    assume(all(e.at <= T for e in world.events))
    now, later = kernel(world, FORMULA, 0.5), kernel(older, FORMULA, 0.5)
    factor = 2 ** (-days / FORMULA.half_life_days)
    assert later.scores.ties.strength == pytest.approx(now.scores.ties.strength * factor, rel=1e-9)
    for account, row in known(later.by_account):
        assert row["dependence"] <= now.by_account[account]["dependence"] + 1e-12
    for account, row in kernel(older, FORMULA, 0.5 * factor).by_account.items():
        assert row["shares"] == pytest.approx(now.by_account[account]["shares"], **CLOSE)


@given(worlds(changes=False), st.randoms(use_true_random=False))
def test_04_order_duplicates_future_and_internal_events_change_nothing(world: World, dice) -> None:
    shuffled = list(world.events)
    dice.shuffle(shuffled)
    noise = [
        Event("zz-future", T + 1, "meeting", (("organizer", "r1"), ("attendee", "a1"))),
        Event("zz-internal", T - 5, "meeting", (("organizer", "r1"), ("attendee", "r2"))),
        Event("zz-theirs", T - 5, "email", (("from", "a1"), ("to", "a2"))),
    ]
    again = replace(world, events=(*shuffled, *world.events, *noise))
    assert kernel(again).by_account == kernel(world).by_account


@given(worlds(), st.permutations(REPS))
def test_05_relabelling_reps_permutes_shares(world: World, names: list[str]) -> None:
    new = dict(zip(REPS, names, strict=True))
    swap = lambda who: new.get(who, who)  # noqa: E731
    other = World(
        world.firms,
        tuple(replace(w, person=swap(w.person)) for w in world.work),
        tuple(replace(e, participants=tuple((r, swap(w)) for r, w in e.participants)) for e in world.events),
        tuple((f, swap(o)) for f, o in world.owners),
    )
    relabelled = kernel(other).by_account
    for account, row in kernel(world).by_account.items():
        wanted = {swap(rep): share for rep, share in row["shares"].items()}
        assert relabelled[account]["shares"] == pytest.approx(wanted, **CLOSE)


def single_touch(kind: str, way: str, rep: str, contact: str, at: int) -> Event:
    first, second = (rep, contact) if way == "out" else (contact, rep)
    roles = {"email": ("from", "to"), "call": ("caller", "callee"), "meeting": ("organizer", "attendee")}[
        kind
    ]
    return Event("new", at, kind, ((roles[0], first), (roles[1], second)))


TOUCH = st.tuples(
    st.sampled_from(["email", "call", "meeting"]), st.sampled_from(["in", "out"]), st.sampled_from(REPS),
    st.sampled_from(["a1", "a2", "a3"]), st.integers(0, 500),
)  # fmt: skip


@settings(max_examples=150)
@given(worlds(changes=False), TOUCH)
def test_06_a_touch_of_another_rep_never_raises_dependence_without_baseline(world: World, touch) -> None:
    before = kernel(world, FORMULA, 0.0).by_account["acme"]
    kind, way, rep, contact, age = touch
    assume(before["top_rep"] is not None and rep != before["top_rep"])
    after = kernel(
        world.plus(single_touch(kind, way, rep, contact, T - age * DAY_MS)), FORMULA, 0.0
    ).by_account["acme"]
    top = before["top_rep"]
    assert after["shares"].get(top, 0.0) <= before["shares"][top] + 1e-9
    if after["top_rep"] == top:
        assert after["dependence"] <= before["dependence"] + 1e-9


@settings(max_examples=150)
@given(worlds(changes=False), TOUCH)
def test_07_firm_touches_never_raise_it_and_talks_of_the_top_rep_never_lower_it(world: World, touch) -> None:
    before = kernel(world, FORMULA, 0.0).by_account["acme"]
    _, _, _, contact, age = touch
    assume(before["top_rep"] is not None)
    top = before["top_rep"]
    at = T - age * DAY_MS
    firm = Event("new", at, "order", (("channel", "portal"), ("from", contact)))
    # A lone touch of the firm in the same ISO week but earlier takes the place of the one that counted: compare new weeks.
    weeks = {(e.at // DAY_MS + 3) // 7 for e in world.events}
    if (at // DAY_MS + 3) // 7 not in weeks:
        after = kernel(world.plus(firm), FORMULA, 0.0).by_account["acme"]
        assert after["shares"].get(top, 0.0) <= before["shares"][top] + 1e-9
    talk = single_touch("meeting", "out", top, contact, at)
    assert (
        kernel(world.plus(talk), FORMULA, 0.0).by_account["acme"]["shares"][top]
        >= before["shares"][top] - 1e-9
    )


@settings(max_examples=150)
@given(worlds(changes=False), TOUCH)
def test_08_the_same_holds_with_a_baseline_under_its_conditions(world: World, touch) -> None:
    s0 = 0.5
    answer = kernel(world, FORMULA, s0)
    before = answer.by_account["acme"]
    kind, way, rep, contact, age = touch
    assume(before["top_rep"] is not None)
    top = before["top_rep"]
    index = answer.directory.person_ids.index(contact)
    contacts = answer.scores.contacts
    strength = contacts.strength[contacts.contact == index].sum()
    if rep != top and (strength >= s0 or before["dependence"] >= 0.125):
        after = kernel(
            world.plus(single_touch(kind, way, rep, contact, T - age * DAY_MS)), FORMULA, s0
        ).by_account["acme"]
        assert after["shares"].get(top, 0.0) <= before["shares"][top] + 1e-9
    log, ties = answer.log, answer.scores.ties
    top_index = answer.directory.person_ids.index(top)
    own = ties.strength[(log.contact == index) & (log.rep == top_index) & ties.kept].sum()
    if strength > 0 and own / (strength + s0) >= before["shares"][top]:
        talk = single_touch("call", "out", top, contact, T - age * DAY_MS)
        assert (
            kernel(world.plus(talk), FORMULA, s0).by_account["acme"]["shares"][top]
            >= before["shares"][top] - 1e-9
        )


@given(worlds(changes=False, firm=False), st.floats(0.01, 5))
def test_09_a_lone_rep_has_everything_but_the_baseline(world: World, s0: float) -> None:
    only = lambda who: "r1" if who in REPS else who  # noqa: E731
    lone = replace(
        world,
        events=tuple(
            replace(e, participants=tuple((r, only(w)) for r, w in e.participants)) for e in world.events
        ),
    )
    for account, row in known(kernel(lone, FORMULA, 0.0).by_account):
        assert row["dependence"] == pytest.approx(1)
        assert kernel(lone, FORMULA, s0).by_account[account]["dependence"] < 1
    low, high = kernel(world, FORMULA, s0).by_account, kernel(world, FORMULA, 2 * s0).by_account
    for account, row in known(low):
        assert all(high[account]["shares"][rep] <= share + 1e-12 for rep, share in row["shares"].items())


@given(st.lists(st.floats(0.001, 1), max_size=6))
def test_10_retained_share_is_additive_and_the_bus_factor_is_exact(raw: list[float]) -> None:
    shares = [v / (sum(raw) + 0.3) for v in raw]
    by_hand = next(
        (
            n
            for n in range(1, len(shares) + 1)
            if any(1 - math.fsum(c) <= 0.5 + 1e-12 for c in itertools.combinations(shares, n))
        ),
        None,
    )
    assert bus_factor(shares) == by_hand
    firm = 1 - sum(shares)
    for size in range(len(shares) + 1):
        for leaving in itertools.combinations(shares, size):
            assert firm - 1e-12 <= 1 - sum(leaving) <= 1


@given(worlds(alone=False))
def test_11_doubling_every_event_and_the_baseline_leaves_shares(world: World) -> None:
    assume(not any(set(sides(world, e, FORMULA)[0]) == {"FIRM"} for e in world.events))
    twice = world.plus(*(replace(e, id=e.id + "-again") for e in world.events))
    single, double = kernel(world, FORMULA, 0.5).by_account, kernel(twice, FORMULA, 1.0).by_account
    for account, row in single.items():
        assert double[account]["shares"] == pytest.approx(row["shares"], **CLOSE)


@settings(max_examples=150)
@given(worlds(changes=False), st.sampled_from(REPS), st.randoms(use_true_random=False))
def test_12_splitting_a_person_in_two_never_raises_dependence(world: World, rep: str, dice) -> None:
    formula = replace(FORMULA, reciprocity=0.0)
    split = World(
        world.firms,
        (*world.work, Work("twin", "us")),
        tuple(
            replace(e, participants=tuple((r, "twin" if w == rep and half else w) for r, w in e.participants))
            for e in world.events
            for half in [dice.random() < 0.5]
        ),
        world.owners,
    )
    whole, halves = kernel(world, formula, 0.5).by_account, kernel(split, formula, 0.5).by_account
    for account, row in known(whole):
        assert halves[account]["dependence"] <= row["dependence"] + 1e-9


@given(worlds())
def test_13_interval_is_ordered_within_the_unit(world: World) -> None:
    for _, row in known(kernel(world).by_account):
        assert 0 <= row["lower"] <= row["upper"] <= 1
        if row["n_eff"] * row["dependence"] > 1 and row["n_eff"] * (1 - row["dependence"]) > 1:
            assert row["lower"] <= row["dependence"] <= row["upper"]


@settings(max_examples=100)
@given(st.lists(st.floats(0.01, 10), min_size=1, max_size=7))
def test_15_constraint_is_hhi_and_hill_numbers_fall(strengths: list[float]) -> None:
    graph = nx.Graph()
    for k, s in enumerate(strengths):
        graph.add_edge("account", f"r{k}", weight=s)
    shares = np.array(strengths) / sum(strengths)
    hhi = float((shares**2).sum())
    assert nx.constraint(graph, nodes=["account"], weight="weight")["account"] == pytest.approx(hhi)
    n1 = effective_number(strengths)
    assert len(strengths) + 1e-9 >= n1 >= 1 / hhi - 1e-9 >= 1 / shares.max() - 2e-9


def test_15_shapley_of_a_jointly_held_event_is_the_equal_split() -> None:
    events_ = [(4, {"a"}), (2, {"a", "b"}), (3, {"b", "c"}), (1, {"a", "b", "c"})]
    players = ("a", "b", "c")

    def value(group: set[str]) -> float:
        return sum(w for w, who in events_ if who & group)

    for player in players:
        orders = list(itertools.permutations(players))
        total = sum(
            value({*o[: o.index(player) + 1]}) - value({*o[: o.index(player)]}) for o in orders
        ) / len(orders)
        assert total == pytest.approx(sum(w / len(who) for w, who in events_ if player in who))


@given(worlds(changes=False), events(900))
def test_16_with_a_frozen_baseline_accounts_do_not_depend_on_each_other(world: World, event: Event) -> None:
    elsewhere = replace(
        event,
        participants=tuple((r, w) for r, w in event.participants if w not in ("a1", "a2", "a3", "acme")),
    )
    before = kernel(world).by_account["acme"]
    assert kernel(world.plus(elsewhere)).by_account["acme"] == before


def test_not_a_property_hhi_can_fall_when_the_top_share_rises() -> None:
    """Documented: HHI and 1/Hill are not monotone, the top share is."""

    def hhi(*parts: float) -> float:
        return sum((p / sum(parts)) ** 2 for p in parts)

    assert hhi(0.40, 0.39, 0.21) == pytest.approx(0.3562)
    assert hhi(0.40, 0.40, 0.21) > hhi(0.40, 0.39, 0.21)  # another rep gained, the top did not
    assert hhi(0.45, 0.50, 0.10) > hhi(0.45, 0.45, 0.10)


@given(st.floats(0, 50), st.floats(0, 50), st.floats(0, 50), st.floats(0, 5))
def test_strength_is_monotone_and_homogeneous(i: float, o: float, x: float, more: float) -> None:
    s = lambda a, b, c: float(tie_strength(np.array([a]), np.array([b]), np.array([c]), 0.8)[0])  # noqa: E731
    assert s(i + more, o, x) >= s(i, o, x) - 1e-9
    assert s(i, o + more, x) >= s(i, o, x) - 1e-9
    assert s(2 * i, 2 * o, 2 * x) == pytest.approx(2 * s(i, o, x))
