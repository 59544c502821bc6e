"""What changed: readiness against its definition, sequences against trying, other instants against runs at them, decay as a recursion."""

from __future__ import annotations

import datetime
import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphmap.scoring.formula import DAY_MS, Formula
from graphmap.scoring.leavers import leavers
from graphmap.scoring.readiness import readiness
from graphmap.scoring.sequence import handed_over
from graphmap.scoring.ties import sum_ties
from graphmap.scoring.trend import change, month_ends, score_at, slope, window_start
from tests.scoring.worlds import DAY0, Event, T, Work, World, kernel, worlds

FORMULA = Formula()


@settings(max_examples=150)
@given(worlds(newest=1))
def test_readiness_is_its_definition(world: World) -> None:
    at = kernel(world)
    found = readiness(at.log, at.sums, at.scores, 0.5)
    scores, log, ties = at.scores, at.log, at.scores.ties
    for row, account in enumerate(scores.accounts.tolist()):
        low, high = log.tie_range(account)
        top = int(scores.top_rep[row])
        rows = [k for k in range(low, high) if ties.kept[k] and ties.named[k]]
        whole = kept = 0.0
        held: dict[int, float] = {}
        for k in (k for k in rows if int(log.rep[k]) == top):
            slot = int(ties.contact_slot[k])
            term = scores.contacts.vote[slot] * ties.strength[k] / (scores.contacts.strength[slot] + 0.5)
            others = {
                int(log.rep[q])
                for q in rows
                if log.contact[q] == log.contact[k] and ties.active[q] and int(log.rep[q]) != top
            }
            whole += term
            kept += term if others else 0.0
            for other in others:
                held[other] = held.get(other, 0.0) + term
        if top < 0 or whole <= 0:
            assert math.isnan(found.share[row]) or whole <= 0
            continue
        assert found.share[row] == pytest.approx(kept / whole, abs=1e-12)
        best = max(held.values(), default=0.0)
        successor = int(found.successor[row])
        assert (successor >= 0) == (best > 0)
        if successor >= 0:
            assert held[successor] == pytest.approx(best, abs=1e-12)


@settings(max_examples=200)
@given(worlds(newest=1))
def test_reps_one_after_the_other_are_those_whose_days_do_not_touch(world: World) -> None:
    at = kernel(world)
    found = handed_over(at.log, at.directory, world.t)
    for account in at.scores.accounts.tolist():
        days: dict[int, list[int]] = {}
        low, high = at.log.tie_range(account)
        for k in range(low, high):
            if int(at.log.rep[k]) != at.directory.firm_rep:
                rows = at.log.touches_of(np.array([k]))
                days.setdefault(int(at.log.rep[k]), []).extend(
                    (rows.at[rows.at <= world.t] // DAY_MS).tolist()
                )
        days = {rep: some for rep, some in days.items() if some}
        apart = len(days) > 1 and all(
            max(a) < min(b) or max(b) < min(a) for r, a in days.items() for s, b in days.items() if r < s
        )
        assert (account in found) == apart
        if apart:
            line = sorted(days, key=lambda rep: min(days[rep]))
            assert found[account].reps == tuple(line)
            assert found[account].day == min(days[line[-1]])


@settings(max_examples=80)
@given(worlds(newest=1), st.integers(0, 400))
def test_another_instant_is_what_a_run_at_it_gives_and_some_accounts_alone_are_the_same_bits(
    world: World, days: int
) -> None:
    at = kernel(world)
    then = world.t - days * DAY_MS
    whole = score_at(at.log, at.directory, FORMULA, then, 0.5)
    few = set(at.scores.accounts[::2].tolist())
    part = score_at(at.log.of_accounts(few), at.directory, FORMULA, then, 0.5)
    for row, account in enumerate(whole.accounts.tolist()):
        if account in few:
            for name in ("dependence", "lower", "upper", "effective_sample", "connectivity", "firm"):
                assert repr(getattr(whole, name)[row]) == repr(getattr(part, name)[row]), name
    again = score_at(at.log, at.directory, FORMULA, world.t, 0.5)
    np.testing.assert_array_equal(again.dependence, at.scores.dependence)


@settings(max_examples=80)
@given(worlds(newest=1), st.integers(1, 200))
def test_what_was_decays_and_what_is_new_is_added(world: World, days: int) -> None:
    """``x(T + d) = x(T) 2^(-d/h) + new`` for I, O and X, for ties of named reps within the look-back."""
    at = kernel(world)
    then = world.t - days * DAY_MS
    before, now = sum_ties(at.log, FORMULA, then), sum_ties(at.log, FORMULA, world.t)
    decay = 2 ** (-days / FORMULA.half_life_days)
    # Touches up to the earlier instant moved beyond T count for nothing there.
    moved = np.where(at.log.at <= then, world.t + 1, at.log.at)
    only_new = sum_ties(replace(at.log, at=moved), FORMULA, world.t)
    for k in range(len(at.log.account)):
        if int(at.log.rep[k]) == at.directory.firm_rep:
            continue
        rows = at.log.touches_of(np.array([k]))
        age = (world.t - rows.at) / DAY_MS
        if np.any(age > FORMULA.look_back_days - days):
            continue
        for name in ("inbound", "outbound", "other"):
            was, is_now = float(getattr(before, name)[k]), float(getattr(now, name)[k])
            # What is new, worth what it is worth at T: the sums of the tie without what was before.
            new = float(getattr(only_new, name)[k])
            assert is_now == pytest.approx(was * decay + new, rel=1e-12, abs=1e-15)


def meeting(day: int, *who: str) -> Event:
    return Event(
        f"m{day}-{'-'.join(who)}", T + day * DAY_MS, "meeting", tuple(("attendee", one) for one in who)
    )


def test_who_left_lately_is_told_with_what_they_held_and_what_others_gained_since() -> None:
    world = World(
        firms=(("acme", "account"), ("us", "own")),
        work=(
            Work("anna", "us", end=DAY0 - 50), Work("ben", "us"), Work("carl", "acme", seniority=3, end=DAY0 - 20),
            Work("dora", "acme"), Work("olga", "us", end=DAY0 - 400),
        ),
        events=(
            *(meeting(-200 + 10 * k, "anna", "carl") for k in range(10)),
            *(meeting(-190 + 20 * k, "ben", "dora") for k in range(3)),
            meeting(-500, "olga", "dora"), *(meeting(-40 + 5 * k, "ben", "carl") for k in range(3)),
        ),
    )  # fmt: skip
    at = kernel(world)
    found = leavers(at.log, at.sums, at.directory, at.scores, FORMULA, T, 0.5, 180)
    (acme,) = at.scores.accounts.tolist()
    ids = at.directory.person_ids
    (anna,) = found.reps[acme]
    assert ids[anna.person] == "anna"
    assert anna.day == DAY0 - 50
    before = score_at(at.log, at.directory, FORMULA, (DAY0 - 50) * DAY_MS - 1, 0.5)
    assert anna.share == pytest.approx(float(before.reps.share[before.reps.rep == anna.person][0]))
    ben = ids.index("ben")
    gain = float(
        at.scores.reps.share[at.scores.reps.rep == ben][0] - before.reps.share[before.reps.rep == ben][0]
    )
    assert anna.gained == pytest.approx(gain)
    (carl,) = found.contacts[acme]
    assert (ids[carl.person], carl.level) == ("carl", 3)
    assert carl.share > 0.3


def test_a_change_is_told_only_where_both_ends_are_known_and_is_significant_beyond_the_noise() -> None:
    world = World(
        firms=(("acme", "account"), ("us", "own")),
        work=(Work("anna", "us"), Work("ben", "us"), Work("carl", "acme")),
        events=(
            *(meeting(-300 + 3 * k, "anna", "carl") for k in range(65)), *(meeting(-299 + 3 * k, "ben", "carl") for k in range(65)),
            *(meeting(-85 + k, "anna", "carl") for k in range(85)),
        ),
    )  # fmt: skip
    at = kernel(world)
    before = score_at(at.log, at.directory, FORMULA, window_start(T), 0.5)
    found = change(before, at.scores)
    assert found.points[0] == pytest.approx(100 * float(at.scores.dependence[0] - before.dependence[0]))
    assert found.points[0] > 15
    assert found.significant[0]
    long_ago = score_at(at.log, at.directory, FORMULA, T - 299 * DAY_MS, 0.5)
    assert math.isnan(change(long_ago, at.scores).points[0])
    assert not change(at.scores, at.scores).significant[0]


def test_month_ends_are_the_last_moments_of_months() -> None:
    ends = month_ends(T + 5 * DAY_MS, 12)
    assert len(ends) == 13
    assert ends[-1] == T + 5 * DAY_MS
    assert list(ends) == sorted(ends)
    for end in ends[:-1]:
        assert datetime.datetime.fromtimestamp((end + 1) / 1000, datetime.UTC).day == 1
    assert slope(np.array([0.0, 30.0]), np.array([1.0, 2.0])) is None
    assert slope(np.array([0.0, 30.0, 60.0, 90.0]), np.array([1.0, np.nan, 3.0, 4.0])) == pytest.approx(1.0)
