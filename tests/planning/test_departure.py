"""What if they leave: equal to the literal numbers without them, additive, and between today and what the firm holds alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from graphmap.planning.departure import Departure, depart
from graphmap.scoring.formula import Formula
from graphmap.scoring.moment import Moment
from graphmap.scoring.portfolio import NO_DATA
from tests.scoring.test_equality import assert_same
from tests.scoring.worlds import DAY0, Event, T, Work, World, kernel, reference, worlds

DAY = 86_400_000


def moment(world: World, formula: Formula | None = None, baseline: float = 0.5) -> Moment:
    chosen = formula or Formula()
    answer = kernel(world, chosen, baseline)
    return Moment(answer.log, answer.sums, answer.directory, chosen, world.t, baseline, answer.scores)


def ours_now(at: Moment) -> list[int]:
    people = np.arange(len(at.directory.person_ids), dtype=np.int32)
    return [int(p) for p in people[~at.directory.rep_left(people, at.day)]]


def simulated(world: World, who: list[str], joint: str = "linear") -> Departure:
    at = moment(world)
    return depart(at, [at.directory.person_ids.index(one) for one in who], joint)  # type: ignore[arg-type]


def closed(world: World, gone: set[str]) -> World:
    """The same world with the ends of employment written into the data: ours with us, others with their firms."""
    kinds = dict(world.firms)
    open_here = {w.person for w in world.work if kinds[w.firm] == "own" and (w.end is None or w.end > DAY0)}

    def end(w: Work) -> Work:
        mine = (kinds[w.firm] == "own") == (w.person in open_here)
        return replace(w, end=DAY0 if w.end is None else min(w.end, DAY0)) if w.person in gone and mine else w

    return replace(world, work=tuple(end(w) for w in world.work))


@settings(max_examples=120)
@given(worlds(newest=1), st.data())
def test_after_equals_the_literal_numbers_of_a_world_in_which_they_left(
    world: World, data: st.DataObject
) -> None:
    at = moment(world)
    people = [p for p in at.directory.person_ids if not p.startswith("account:")]
    assume(people)
    gone = set(data.draw(st.lists(st.sampled_from(people), min_size=1, max_size=3, unique=True)))
    after = depart(at, [at.directory.person_ids.index(p) for p in gone]).after
    literally = reference(closed(world, gone), Formula(), 0.5)
    mine = kernel(closed(world, gone)).by_account
    for row, account in enumerate(after.scores.accounts.tolist()):
        firm = at.directory.firm_ids[account]
        if abs((literally[firm]["n_eff"] or 0) - 8) < 1e-6:
            continue
        assert_same(mine[firm], literally[firm], firm)
        wanted = literally[firm]["dependence"]
        assert float(after.scores.dependence[row]) == pytest.approx(
            np.nan if wanted is None else wanted, rel=1e-9, abs=1e-12, nan_ok=True
        )
        assert int(after.scores.connectivity[row]) == literally[firm]["connectivity"]


@settings(max_examples=120)
@given(worlds(newest=1), st.data())
def test_what_is_retained_of_reps_is_additive_and_lies_between_the_firms_share_and_all(
    world: World, data: st.DataObject
) -> None:
    at = moment(world)
    reps = ours_now(at)
    assume(len(reps) >= 2)
    some = data.draw(st.lists(st.sampled_from(reps), min_size=2, max_size=4, unique=True))
    split = data.draw(st.integers(1, len(some) - 1))

    def lost(who: list[int]) -> dict[int, float]:
        return {x.account: 1 - x.retained for x in depart(at, who).losses}

    both, first, second = lost(some), lost(some[:split]), lost(some[split:])
    firm = dict(zip(at.scores.accounts.tolist(), at.scores.firm.tolist(), strict=True))
    for account, share in both.items():
        assert share == pytest.approx(first.get(account, 0.0) + second.get(account, 0.0), abs=1e-9)
        assert -1e-9 <= share <= 1 - firm[account] + 1e-9


@settings(max_examples=120)
@given(worlds(newest=1), st.data())
def test_joint_meetings_keep_more_the_more_one_believes_in_them(world: World, data: st.DataObject) -> None:
    at = moment(world)
    reps = ours_now(at)
    assume(reps)
    gone = data.draw(st.lists(st.sampled_from(reps), min_size=1, max_size=3, unique=True))
    linear, root, whole = (depart(at, gone, joint).losses for joint in ("linear", "sqrt", "any"))
    for a, b, c in zip(linear, root, whole, strict=True):
        assert a.retained <= b.retained + 1e-9 <= c.retained + 2e-9
        assert (a.orphaned, a.covered) == (c.orphaned, c.covered)


@settings(max_examples=60)
@given(worlds(newest=1), st.data())
def test_nobody_changes_nothing_and_the_order_or_naming_twice_neither(
    world: World, data: st.DataObject
) -> None:
    at = moment(world)
    none = depart(at, [])
    assert none.losses == ()
    np.testing.assert_array_equal(none.after.scores.dependence, at.scores.dependence)
    people = [k for k, p in enumerate(at.directory.person_ids) if not p.startswith("account:")]
    assume(people)
    gone = data.draw(st.lists(st.sampled_from(people), min_size=1, max_size=3))
    assert depart(at, gone).losses == depart(at, [*reversed(gone), gone[0]]).losses


def meeting(number: int, *who: str, age: int = 10) -> Event:
    return Event(f"m{number}", T - (age + number) * DAY, "meeting", tuple(("attendee", one) for one in who))


WORLD = World(
    firms=(("acme", "account"), ("us", "own")),
    work=(
        Work("anna", "us"), Work("ben", "us"), Work("carl", "acme", seniority=3), Work("dora", "acme"),
        Work("emil", "acme"),
    ),
    events=(
        *(meeting(k, "anna", "carl") for k in range(6)),
        *(meeting(10 + k, "anna", "ben", "dora") for k in range(4)),
        meeting(20, "anna", "emil"),
    ),
)  # fmt: skip


def test_contacts_are_orphaned_or_covered_by_whoever_stays() -> None:
    (account,) = simulated(WORLD, ["anna"]).losses
    name = moment(WORLD).directory.person_ids
    assert [name[c] for c in account.orphaned] == ["carl", "emil"]
    assert [(name[c], name[by]) for c, by in account.covered] == [("dora", "ben")]
    (account,) = simulated(WORLD, ["anna", "ben"]).losses
    assert [name[c] for c in account.orphaned] == ["carl", "dora", "emil"]
    assert simulated(WORLD, ["anna", "ben"]).after.scores.status[0] == NO_DATA


def test_a_contact_who_leaves_takes_the_weight_of_their_vote_along_and_is_nobodys_orphan() -> None:
    found = simulated(WORLD, ["carl"])
    (account,) = found.losses
    votes = found.before.scores.contacts
    carl = found.before.directory.person_ids.index("carl")
    assert account.retained == pytest.approx(1 - float(votes.vote[votes.contact == carl][0]), abs=1e-12)
    assert account.orphaned == account.covered == ()
    assert found.after.scores.active_contacts[0] == found.before.scores.active_contacts[0] - 1


def test_a_meeting_of_two_survives_whole_for_the_one_who_stays() -> None:
    """Dora met both together only: under ``any`` her whole tie stays, under ``linear`` half of it."""
    alone = replace(WORLD, events=tuple(e for e in WORLD.events if ("attendee", "dora") in e.participants))
    (linear,), (whole,) = simulated(alone, ["anna"]).losses, simulated(alone, ["anna"], "any").losses
    found = moment(alone)
    contact = found.scores.contacts
    share = float(contact.strength[0]) / (float(contact.strength[0]) + 0.5)
    assert linear.retained == pytest.approx(1 - share / 2, abs=1e-12)
    assert whole.retained == pytest.approx(1.0, abs=1e-12)
