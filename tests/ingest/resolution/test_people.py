"""Invented people of ten languages in five sources: how much is found, how much is wrong, and that no namesakes are joined."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable

import pytest

from graphmap.ingest.resolution import Mention, Resolution, resolve_people
from tests.conftest import FIGURE
from tests.ingest.resolution.people_generator import Crowd, crowd

PEOPLE = 5_000


def pairs(size: int) -> int:
    return size * (size - 1) // 2


def measured(people: Crowd, found: Resolution) -> tuple[float, float]:
    """Precision and recall over pairs of records."""
    true = sum(pairs(size) for size in Counter(people.truth.values()).values())
    said = right = 0
    for cluster in found.clusters:
        said += pairs(len(cluster.members))
        right += sum(pairs(n) for n in Counter(people.truth[member] for member in cluster.members).values())
    return right / said, right / true


def told_apart(people: Crowd) -> dict[tuple[str, str], int]:
    """Records of namesakes at one firm both of whom some record gives an address at work."""
    twins = people.namesakes()
    addressed = {
        twins[m.ref]
        for m in people.mentions
        if m.ref in twins
        and any(firm.domain in a.lower() for a in m.mails for firm, _ in people.people[twins[m.ref]].jobs)
    }
    return {record: number for record, number in twins.items() if number in addressed}


@pytest.mark.parametrize("seed", [11, 12, 13])
def test_precision_recall_and_no_namesake_joins(
    seed: int, record_property: Callable[[str, object], None]
) -> None:
    """P30."""
    people = crowd(PEOPLE, seed)
    found = resolve_people(people.mentions)
    precision, recall = measured(people, found)
    twins, apart = people.namesakes(), told_apart(people)
    joined = sum(len({twins[m] for m in c.members if m in twins}) > 1 for c in found.clusters)
    known = [c for c in found.clusters if len({apart[m] for m in c.members if m in apart}) > 1]
    asked = Counter(people.truth[p.one] == people.truth[p.other] for p in found.proposals)
    record_property(
        FIGURE,
        f"seed {seed}: {PEOPLE} people, {len(people.mentions)} records: precision {precision:.4f}, recall {recall:.4f}, "
        f"{len(set(twins.values()))} namesakes, {joined} joined ({len(known)} of those with an address each), "
        f"{len(found.proposals)} proposals, {asked[True] / len(found.proposals):.0%} of them right",
    )
    assert precision >= 0.99
    assert recall >= 0.88
    assert not known
    if seed == 11:
        assert joined == 0


def test_every_record_is_in_one_cluster_that_its_joins_hold_together() -> None:
    people = crowd(600, 3)
    found = resolve_people(people.mentions)
    members = [member for cluster in found.clusters for member in cluster.members]
    assert sorted(members) == sorted(m.ref for m in people.mentions)
    for cluster in found.clusters:
        assert len(cluster.joins) == len(cluster.members) - 1
        reached, rest = {cluster.members[0]}, list(cluster.joins)
        while rest:
            joined = next(j for j in rest if {j.one, j.other} & reached)
            reached |= {joined.one, joined.other}
            rest.remove(joined)
        assert reached == set(cluster.members)


@pytest.mark.parametrize("seed", range(4))
def test_any_order_of_records_gives_the_same(seed: int) -> None:
    people = crowd(400, seed)
    shuffled = list(people.mentions)
    random.Random(seed).shuffle(shuffled)
    assert resolve_people(shuffled) == resolve_people(people.mentions)


def test_more_records_of_strangers_change_nothing_for_the_others() -> None:
    people = crowd(400, 5)
    strangers = [
        Mention("late", str(n), f"Zyx{n} Qwv{n}", mails=(f"zyx{n}@stranger{n}.example",)) for n in range(9)
    ]
    before, after = resolve_people(people.mentions), resolve_people([*people.mentions, *strangers])
    assert set(before.clusters) <= set(after.clusters)
    assert before.proposals == after.proposals
