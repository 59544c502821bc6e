"""The handover plan: who comes first, who never does, and when things are due."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from graphmap.planning.checklist import A_DAY, Wording, reason, steps, succession_steps
from graphmap.planning.departure import depart
from graphmap.planning.handover import CLOSENESS, ContactRule, handover
from graphmap.planning.profiles import Profiles
from graphmap.planning.succession import successions
from graphmap.scoring.moment import Moment
from tests.planning.test_departure import WORLD, moment, ours_now
from tests.scoring.worlds import Work, World, worlds

WORDS = Wording(
    person=lambda i: f"person {i}", account=lambda a: f"account {a}", day=str, word=lambda trait, a: f"{trait} {a}"
)  # fmt: skip


def unknown(at: Moment, **known: list[int]) -> Profiles:
    """Profiles of which nothing is known but what is given."""
    people, firms = len(at.directory.person_ids), len(at.directory.firm_ids)

    def codes(name: str, size: int) -> np.ndarray:
        return np.array(known.get(name, [-1] * size), dtype=np.int32)

    return Profiles(
        codes("department", people), codes("seniority", people), codes("industry", firms), codes("segment", firms),
        np.array(known.get("silent", [0] * people), dtype=np.bool_),
    )  # fmt: skip


@st.composite
def plans(draw: st.DrawFn) -> tuple[Moment, list[int], Profiles, dict[int, ContactRule]]:
    world: World = draw(worlds(newest=1))
    at = moment(world)
    reps = ours_now(at)
    assume(reps)
    gone = draw(st.lists(st.sampled_from(reps), min_size=1, max_size=2, unique=True))
    people, firms = len(at.directory.person_ids), len(at.directory.firm_ids)

    def few(size: int) -> st.SearchStrategy[list[int]]:
        return st.lists(st.integers(-1, 1), min_size=size, max_size=size)

    profiles = unknown(
        at,
        department=draw(few(people)),
        seniority=draw(few(people)),
        industry=draw(few(firms)),
        segment=draw(few(firms)),
        silent=draw(st.lists(st.sampled_from([0, 0, 0, 1]), min_size=people, max_size=people)),
    )
    contacts = st.integers(0, people - 1)
    rules = draw(
        st.dictionaries(contacts, st.one_of(st.none(), st.sampled_from(reps)).map(ContactRule), max_size=2)
    )
    return at, gone, profiles, rules


@settings(max_examples=150)
@given(plans())
def test_whoever_has_a_tie_comes_before_whoever_has_none_and_nobody_who_leaves_or_must_not_is_named(
    case: tuple[Moment, list[int], Profiles, dict[int, ContactRule]],
) -> None:
    at, gone, profiles, rules = case
    found = handover(depart(at, gone), profiles, rules=rules)
    here = set(ours_now(at)) - set(gone)
    ties = at.scores.ties
    for one in found:
        assert len(one.successors) <= 3
        stages = [CLOSENESS.index(s.closeness) for s in one.successors]
        assert stages == sorted(stages)
        assert {s.person for s in one.successors} <= here
        assert not any(profiles.silent[s.person] for s in one.successors)
        low, high = at.log.tie_range(one.account)
        viable = {
            int(at.log.rep[k])
            for k in range(low, high)
            if ties.active[k] and int(at.log.contact[k]) == one.contact
        } & here
        viable = {v for v in viable if not profiles.silent[v]}
        forbidden = profiles.silent[one.contact] or (one.contact in rules and rules[one.contact].forbids)
        assert one.silent == bool(forbidden)
        if forbidden:
            assert one.successors == ()
            continue
        # As many of those who know the contact as there is room for stand on the list, before all others.
        named = [s.person for s in one.successors if s.closeness in ("active", "chosen")]
        assert len(viable & set(named)) >= min(
            len(viable), 3 - ("chosen" in [s.closeness for s in one.successors])
        )
        rule = rules.get(one.contact)
        if rule is not None and rule.through in here and not profiles.silent[rule.through]:
            assert next(iter(one.successors)).person == rule.through
    lost = {
        (x.account, c) for x in depart(at, gone).losses for c in (*x.orphaned, *(c for c, _ in x.covered))
    }
    assert {(h.account, h.contact) for h in found} == lost
    assert [h.hangs for h in found] == sorted((h.hangs for h in found), reverse=True)


@settings(max_examples=100)
@given(plans(), st.integers(-3, 60))
def test_steps_are_due_on_working_days_between_today_and_the_last_and_not_too_many_at_once(
    case: tuple[Moment, list[int], Profiles, dict[int, ContactRule]], notice: int
) -> None:
    at, gone, profiles, rules = case
    found = handover(depart(at, gone), profiles, rules=rules)
    today, on = at.day, at.day + notice
    made = steps(found, WORDS, on=on, today=today)
    assert made == steps(found, WORDS, on=on, today=today)
    for handing, listed in zip(found, made, strict=True):
        assert bool(listed) == (not handing.silent)
        assert [s.due for s in listed] == sorted(s.due for s in listed)
        for step in listed:
            assert step.due >= today
            weekday = (step.due + 3) % 7
            assert weekday < 5 or step.due == today
            if notice > 0:
                assert step.due <= on
    together = {
        (h.leaver, s.due, s.kind): {
            (o.account, o.successors[0].person if o.successors else -1)
            for o, other in zip(found, made, strict=True)
            if o.leaver == h.leaver and any(x.due == s.due and x.kind == s.kind for x in other)
        }
        for h, listed in zip(found, made, strict=True)
        for s in listed
        if s.kind != "written_context" and s.due > today
    }
    if notice > 0:
        assert all(len(groups) <= A_DAY for groups in together.values())


@settings(max_examples=60)
@given(plans())
def test_a_reason_names_no_one_but_those_concerned_and_never_forecasts(
    case: tuple[Moment, list[int], Profiles, dict[int, ContactRule]],
) -> None:
    at, gone, profiles, rules = case
    for handing in handover(depart(at, gone), profiles, rules=rules):
        for one in handing.successors:
            told = reason(one, handing, WORDS)
            assert told.endswith(" now.")
            assert "will be lost" not in told


def test_somebody_alike_without_a_tie_is_named_only_where_enough_is_the_same() -> None:
    world = replace(WORLD, work=(*WORLD.work, Work("cleo", "us")))
    at = moment(world)
    ids = at.directory.person_ids
    gone = [ids.index("anna"), ids.index("ben")]
    assert not any(h.successors for h in handover(depart(at, gone), unknown(at)))
    department = [0 if one in ("anna", "ben", "cleo") else -1 for one in ids]
    profiles = unknown(at, department=department)
    alike = handover(depart(at, gone), profiles, similarity=0.25)
    assert [[(ids[s.person], s.closeness, s.alike) for s in h.successors] for h in alike] == [
        [("cleo", "similar", ("department",))]
    ] * 3
    assert not any(h.successors for h in handover(depart(at, gone), profiles, similarity=0.5))
    first, *_ = handover(depart(at, gone[:1]), profiles, similarity=0.25)
    assert [(ids[s.person], s.closeness) for s in first.successors] == [
        ("ben", "account"),
        ("cleo", "similar"),
    ]


def test_one_of_theirs_leaves_and_a_colleague_who_knows_us_stands_first() -> None:
    at = moment(WORLD)
    ids = at.directory.person_ids
    (one,) = successions(depart(at, [ids.index("carl")]), unknown(at))
    assert (ids[one.contact], ids[one.rep]) == ("carl", "anna")
    assert [(ids[c.person], c.active) for c in one.successors] == [("dora", True), ("emil", True)]
    told = [s.text for s in succession_steps(one, WORDS, on=at.day + 30, today=at.day)]
    assert told == [
        f"person {ids.index('anna')} asks person {ids.index('carl')} to introduce them to person {ids.index('dora')}.",
        f"person {ids.index('anna')} meets person {ids.index('carl')} and person {ids.index('dora')} together.",
    ]
    forbidden = {ids.index("dora"): ContactRule()}
    (other,) = successions(depart(at, [ids.index("carl")]), unknown(at), rules=forbidden)
    assert [ids[c.person] for c in other.successors] == ["emil"]
