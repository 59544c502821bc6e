"""Warm paths: the best of all paths there are, never over anybody who must not be asked."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphmap.planning.handover import ContactRule
from graphmap.planning.paths import COLLEAGUE, HOPS, SAME_DEPARTMENT, SAME_FIRM, held, ways
from tests.planning.test_departure import WORLD, moment, ours_now
from tests.planning.test_handover import unknown
from tests.scoring.worlds import World, worlds


@settings(max_examples=80)
@given(worlds(newest=1), st.sampled_from(["product", "weakest"]), st.booleans())
def test_the_first_way_is_the_best_of_all_there_are(world: World, by: str, asked: bool) -> None:
    at = moment(world)
    ours, profiles = ours_now(at), unknown(at)
    directory, log, ties = at.directory, at.log, at.scores.ties
    start = ours[0] if asked and ours else None
    for target in range(len(directory.person_ids)):
        if directory.unnamed_of[target] >= 0 or target in ours:
            continue
        found = ways(at, profiles, target, start=start, k=50, by=by)  # type: ignore[arg-type]
        rows = (directory.person == target) & (directory.start <= at.day) & (at.day < directory.end)
        firms = {int(f) for f in directory.firm[rows]}
        edges: dict[tuple[int, int], float] = {}
        for k in range(len(log.account)):
            rep, contact = int(log.rep[k]), int(log.contact[k])
            usable = ties.kept[k] and ties.named[k] and ties.strength[k] > 0 and rep in ours
            if int(log.account[k]) in firms and usable and directory.unnamed_of[contact] < 0:
                edges[rep, contact] = max(edges.get((rep, contact), 0.0), held(float(ties.strength[k])))
        for firm in firms:
            there = (directory.firm == firm) & (directory.start <= at.day) & (at.day < directory.end)
            for other in {int(p) for p in directory.person[there]} - {target}:
                if directory.unnamed_of[other] < 0:
                    edges[other, target] = SAME_FIRM
        reps = {a for a, b in edges if a in ours} | {b for a, b in edges if b in ours}
        best: list[float] = []
        people = {p for edge in edges for p in edge}
        for length in range(1, HOPS + 1):
            for middle in itertools.permutations(people - {target}, length):
                path = (*middle, target)
                if path[0] not in (reps if start is None else reps | {start}):
                    continue
                steps = [edges.get(pair) for pair in itertools.pairwise(path)]
                for first in [path] if start is None else [path, (start, *path)]:
                    if start is not None and first[0] != start:
                        continue
                    if len(first) - 1 > HOPS or len(set(first)) < len(first):
                        continue
                    told = [COLLEAGUE, *steps] if first is not path else steps
                    if None not in told and told:
                        best.append(math.prod(told) if by == "product" else min(told))  # type: ignore[arg-type]
        assert bool(found) == bool(best)
        if found:
            assert found[0].strength == pytest.approx(max(best), rel=1e-9)
            assert [w.strength for w in found] == sorted((w.strength for w in found), reverse=True)
            for way in found:
                assert 2 <= len(way.people) <= HOPS + 1
                assert way.people[-1] == target
                assert way.people[0] in ours


def test_rules_and_opt_outs_hold() -> None:
    at = moment(WORLD)
    ids = at.directory.person_ids
    carl, anna, ben, dora = (ids.index(one) for one in ("carl", "anna", "ben", "dora"))

    def told(rules: dict[int, ContactRule] | None = None, **known: list[int]) -> list[tuple[str, ...]]:
        return [
            tuple(ids[p] for p in way.people) for way in ways(at, unknown(at, **known), carl, rules=rules)
        ]

    assert told()[0] == ("anna", "carl")
    assert ("ben", "dora", "carl") in told()
    assert told({carl: ContactRule()}) == []
    assert told({carl: ContactRule(anna)}) == [("anna", "carl")]
    assert told({carl: ContactRule(ben)}) == []
    assert all("dora" not in way for way in told({dora: ContactRule()}))
    assert all("dora" not in way for way in told(silent=[int(one == "dora") for one in ids]))
    assert told(silent=[int(one == "carl") for one in ids]) == []
    assert all("anna" not in way for way in told(silent=[int(one == "anna") for one in ids]))


def test_who_works_in_the_same_department_introduces_better() -> None:
    at = moment(
        replace(WORLD, events=tuple(e for e in WORLD.events if ("attendee", "carl") not in e.participants))
    )
    ids = at.directory.person_ids
    department = [0 if one in ("carl", "emil") else 1 if one == "dora" else -1 for one in ids]
    found = ways(at, unknown(at, department=department), ids.index("carl"))
    assert {way.links[-1] for way in found} == {"same_department", "same_firm"}
    by_emil = next(way for way in found if ids[way.people[-2]] == "emil")
    assert by_emil.strength == pytest.approx(held(by_emil.ties[0]) * SAME_DEPARTMENT)
