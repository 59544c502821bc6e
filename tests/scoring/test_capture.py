"""Whose mailbox is connected: counted per account as the events say, and what follows from too little of it."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from graphmap.scoring.capture import Completeness, completeness, withheld
from graphmap.scoring.portfolio import OK, UNKNOWN
from tests.scoring.worlds import DEFAULT, World, has_left, kernel, sides, worlds


def counted(world: World, linked: set[str], *, judges: bool = True) -> tuple[Completeness, list[str]]:
    known = kernel(world)
    directory = known.directory
    flags = np.array([person in linked for person in directory.person_ids], dtype=np.bool_)
    found = completeness(known.log, known.sums, directory, flags, world.t // 86_400_000, judges=judges)
    return found, [directory.firm_ids[a] for a in known.scores.accounts.tolist()]


@given(worlds(), st.sets(st.sampled_from(["anna", "ben", "cleo", "dan"])))
def test_known_reps_are_those_with_a_touch_and_the_owner_without_leavers(
    world: World, linked: set[str]
) -> None:
    names = {w.person for w in world.work}
    linked = {person for person in sorted(names) if person in linked} | set(sorted(names)[:1])
    found, accounts = counted(world, linked)
    there: dict[str, set[str]] = {account: set() for account in accounts}
    for firm, owner in world.owners:
        there.setdefault(firm, set()).add(owner)
    for event in {e.id: e for e in reversed(world.events)}.values():
        ours, theirs, _ = sides(world, event, DEFAULT)
        old = event.at > world.t or world.t - event.at > DEFAULT.look_back_days * 86_400_000
        if old or len(theirs) > DEFAULT.max_contacts:
            continue
        for _, firm in theirs.values():
            there.setdefault(firm, set()).update(set(ours) - {"FIRM"})
    for row, account in enumerate(accounts):
        here = {person for person in there[account] if not has_left(world, person, None)}
        assert (int(found.reps[row]), int(found.connected[row])) == (len(here), len(here & linked))


@given(worlds(), st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=3, max_size=3))
def test_too_little_makes_the_status_unknown_and_changes_no_number(
    world: World, counts: list[tuple[int, int]]
) -> None:
    scores = kernel(world).scores
    n = len(scores.accounts)
    reps = np.array([max(pair) for pair in counts][:n] + [0] * (n - len(counts[:n])))
    linked = np.array([min(pair) for pair in counts][:n] + [0] * (n - len(counts[:n])))
    found = withheld(scores, Completeness(reps, linked, judges=True))
    for row in range(n):
        poor = reps[row] - linked[row] > 0.2 * reps[row]
        blocked = poor and scores.status[row] == OK
        assert found.status[row] == (UNKNOWN if blocked else scores.status[row])
        assert found.cell_ours[row] == ("unknown" if blocked else scores.cell_ours[row])
        assert found.cell_theirs[row] == ("unknown" if blocked else scores.cell_theirs[row])
    assert np.array_equal(found.dependence, scores.dependence, equal_nan=True)
    assert withheld(scores, Completeness(reps, linked, judges=False)) is scores
    assert withheld(scores, None) is scores
