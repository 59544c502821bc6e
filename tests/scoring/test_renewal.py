"""Bringing ties up to date gives what making them anew gives, to the last bit."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from graphmap.scoring import renewal
from graphmap.scoring.directory import Directory
from graphmap.scoring.formula import DAY_MS, Formula
from graphmap.scoring.renewal import renewed, renewed_sums
from graphmap.scoring.ties import LandmarkSums, TieLog, cluster, landmark_sums
from graphmap.scoring.touches import touches_of
from tests.scoring.worlds import Event, Work, World, arrays, people_of, worlds

FORMULA = Formula()


def clustered(events: list[Event], directory: Directory) -> TieLog:
    log = arrays(events, directory)
    ids = [e.id for e in events]
    rank = np.array([sorted(ids).index(one) for one in ids], dtype=np.int32)
    touches = touches_of(log, directory, FORMULA.max_contacts)
    return cluster(touches, log.at, rank, len(directory.person_ids), len(directory.firm_ids))


def grown(log: TieLog, before: list[Event], added: list[Event], directory: Directory, gone: list[str]):
    fresh = arrays(added, directory)
    touches = touches_of(fresh, directory, FORMULA.max_contacts)
    touches = replace(touches, interaction=touches.interaction + np.int32(len(before)))
    ids = [e.id for e in [*before, *added]]
    return renewed(
        log,
        touches,
        fresh.at[touches.interaction - len(before)],
        np.array([k for k, e in enumerate(before) if e.id in gone], dtype=np.int64),
        lambda numbers: np.argsort(np.argsort([ids[k] for k in numbers.tolist()])).astype(np.int32),
        len(directory.person_ids),
        len(directory.firm_ids),
    )


def shown(log: TieLog, ids: list[str]) -> list[tuple[object, ...]]:
    found: list[tuple[object, ...]] = []
    for tie in range(len(log.account)):
        rows = log.touches(tie, tie + 1)
        codes = log.codes[rows.code].tolist()
        names = [ids[k] for k in rows.interaction.tolist()]
        found.append(
            (int(log.account[tie]), int(log.rep[tie]), int(log.contact[tie]), rows.at.tolist(), codes, names)
        )
    return found


def same(left: LandmarkSums, right: LandmarkSums) -> bool:
    return all(np.array_equal(getattr(left, f.name), getattr(right, f.name)) for f in fields(LandmarkSums))


@settings(max_examples=300)
@given(world=worlds(oldest=1200), data=st.data())
def test_touches_that_came_later_or_went_give_the_ties_and_sums_of_everything_at_once(
    world: World, data: st.DataObject
) -> None:
    renewal.LATE_SHARE, share = 100.0, renewal.LATE_SHARE  # small worlds: whatever is late is much of them
    try:
        directory = people_of(world)
        events = list(world.events)
        if events and data.draw(st.booleans()):  # many at one moment: then the ids decide
            events = [replace(e, at=events[0].at) if k % 2 else e for k, e in enumerate(events)]
        events = [events[k] for k in data.draw(st.permutations(range(len(events))))]
        cut, second = (data.draw(st.integers(0, len(events))) for _ in range(2))
        cut, second = sorted((cut, second))
        gone = data.draw(
            st.lists(st.sampled_from([e.id for e in events[:cut]]), unique=True) if cut else st.just([])
        )
        log = clustered(events[:cut], directory)
        early = world.t - data.draw(st.integers(0, 900)) * DAY_MS
        kept = landmark_sums(log, FORMULA, early)
        one = grown(log, events[:cut], events[cut:second], directory, gone)
        if one is None:
            return  # a tie lost all its touches: everything is made again
        kept = renewed_sums(kept, one, directory.firm_rep, FORMULA, early)
        two = grown(one.log, events[:second], events[second:], directory, [])
        assert two is not None
        ids = [e.id for e in events]
        rest = [e for e in events if e.id not in gone]
        anew = clustered(rest, directory)
        assert shown(two.log, ids) == shown(anew, [e.id for e in rest])
        assert same(
            renewed_sums(kept, two, directory.firm_rep, FORMULA, world.t),
            landmark_sums(anew, FORMULA, world.t),
        )
        assert same(landmark_sums(two.log, FORMULA, world.t, block=4), landmark_sums(anew, FORMULA, world.t))
    finally:
        renewal.LATE_SHARE = share


def test_much_that_is_late_is_clustered_anew() -> None:
    world = World((("us", "own"), ("acme", "account")), (Work("r1", "us"), Work("a1", "acme")), ())
    events = [
        Event(f"e{k}", world.t - k * DAY_MS, "call", (("caller", "r1"), ("callee", "a1"))) for k in range(8)
    ]
    directory = people_of(world)
    log = clustered(events[:7], directory)
    assert grown(log, events[:7], events[7:], directory, []) is None


def test_people_and_firms_that_come_move_the_others_and_nothing_else_may_change() -> None:
    firms = (("us", "own"), ("acme", "account"))
    world = World(firms, (Work("r1", "us"), Work("a1", "acme", rank=3)), ())
    former = people_of(world)
    later = people_of(
        replace(
            world,
            firms=(*firms, ("bolt", "account")),
            work=(*world.work, Work("a0", "bolt"), Work("z", "us")),
        )
    )
    places = former.moved_to(later)
    assert places is not None
    assert [later.person_ids[k] for k in places[0]] == list(former.person_ids)
    assert [later.firm_ids[k] for k in places[1]] == list(former.firm_ids)
    for changed in (
        replace(world, work=(*world.work, Work("a1", "acme", start=5))),
        replace(world, work=(Work("r1", "us"), Work("a1", "acme", end=7, rank=3))),
        replace(world, work=(Work("r1", "us"),)),
        replace(world, firms=(("us", "own"), ("acme", "partner"))),
        replace(world, work=(Work("r1", "us"), Work("a1", "us", rank=3))),
    ):
        assert former.moved_to(people_of(changed)) is None
