"""The fewest introductions that bring an account below a limit, with the dependence expected after each (docs/number.md).

An introduction becomes a tie of a stated strength; everything else stays. The number after it is the same formula.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graphmap.planning.handover import ContactRule
from graphmap.planning.profiles import Bench
from graphmap.scoring.formula import EPSILON, Formula
from graphmap.scoring.moment import Moment

Floats = NDArray[np.float64]
SETS = 60_000
"""So many sets of introductions are looked at before the exact answer is given up."""
NEWCOMERS = 5
"""So many colleagues without a tie at the account are considered."""
AT_ONCE = 4_000
STEPS = 12
"""No plan is longer."""


@dataclass(frozen=True, slots=True)
class Introduction:
    """One of ours is introduced to one of theirs (indexes). ``dependence`` 0-1 expected after it and all before it.

    ``weak``: they know each other a little; ``elsewhere``: an active tie with others there; ``alike`` traits shared with the
    top rep; ``fills``: their department has no active tie there yet; ``new``: the contact has no tie with us at all.
    """

    rep: int
    contact: int
    dependence: float
    weak: bool
    elsewhere: bool
    alike: tuple[str, ...]
    fills: bool
    new: bool
    load: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """The plan of one account. ``before`` and the steps' dependence 0-1; ``strength`` what an introduction becomes.

    ``reached``: the last step is below the limit. ``exact``: no smaller set does it; else ``gap`` = how many fewer it might be.
    """

    account: int
    top_rep: int
    before: float
    strength: float
    steps: tuple[Introduction, ...]
    reached: bool
    exact: bool
    gap: int


def shares(strength: Floats, firm: Floats, authority: Floats, baseline: float, formula: Formula) -> Floats:
    """P of every rep: ``strength`` (..., reps, contacts), ``firm`` and ``authority`` (contacts,) -> (..., reps), shares 0-1.

    ``P_r = sum_c omega_c s_rc / (S_c + s0)``, ``omega_c = a_c S_c^beta / sum`` over contacts with S_c > 0.

    >>> shares(np.array([[1.0], [1.0]]), np.zeros(1), np.ones(1), 0.0, Formula()).tolist()
    [0.5, 0.5]
    """
    whole = strength.sum(axis=-2) + firm
    weight = np.where(whole > 0, authority * whole**formula.vote_exponent, 0.0)
    total = weight.sum(axis=-1, keepdims=True)
    vote = np.divide(weight, total, out=np.zeros_like(weight), where=total > 0)
    base = whole + baseline
    part = np.divide(vote, base, out=np.zeros_like(vote), where=base > 0)
    answer: Floats = np.einsum("...rc,...c->...r", strength, part)
    return answer


@dataclass(frozen=True)
class _Account:
    """The account as a matrix, and who may be introduced to whom. ``pairs`` in the order of preference."""

    reps: tuple[int, ...]
    contacts: tuple[int, ...]
    strength: Floats
    firm: Floats
    authority: Floats
    baseline: float
    formula: Formula
    becomes: float
    pairs: tuple[tuple[int, int], ...]

    def dependences(self, sets: Sequence[Sequence[tuple[int, int]]]) -> Floats:
        """D after each set of introductions, shape (sets,)."""
        found: list[Floats] = []
        for low in range(0, len(sets), AT_ONCE):
            some = sets[low : low + AT_ONCE]
            table = np.repeat(self.strength[None], len(some), axis=0)
            for k, pairs in enumerate(some):
                for rep, contact in pairs:
                    table[k, rep, contact] = max(table[k, rep, contact], self.becomes)
            found.append(shares(table, self.firm, self.authority, self.baseline, self.formula).max(axis=1))
        return np.concatenate(found) if found else np.zeros(0)


def cover(
    people: Bench,
    account: int,
    *,
    limit: float = 0.6,
    becomes: float | None = None,
    rules: Mapping[int, ContactRule] | None = None,
) -> Coverage | None:
    """The plan for one account; None where it has no rep with a share. ``limit`` 0-1, ``becomes`` in fresh two-way mails.

    Greedy: the introduction with the lowest dependence after it; among equal ones whoever knows the contact a little, then
    whoever is in touch elsewhere there, then whose department is missing, whose level is not below the contact's, who is more
    alike the top rep, who has fewer active ties. Then every smaller set is tried, as far as there are not too many.
    """
    moment = people.moment
    row = int(np.searchsorted(moment.scores.accounts, account))
    top = int(moment.scores.top_rep[row])
    if top < 0:
        return None
    becomes = introduced(moment, account) if becomes is None else becomes
    table = _account(people, account, top, becomes, rules or {})
    before = float(table.dependences([()])[0])
    chosen = _greedy(table, before, limit)
    reached = (before if not chosen else float(table.dependences([chosen])[0])) < limit - EPSILON
    exact, gap = reached, 0
    if reached and len(chosen) > 1:
        better, ruled_out = _smaller(table, limit, len(chosen) - 1)
        if better is not None:
            chosen = _in_order(table, better)
        exact = better is not None or ruled_out == len(chosen) - 1
        gap = 0 if exact else len(chosen) - 1 - ruled_out
    steps = tuple(_introduction(people, table, account, top, chosen, k) for k in range(len(chosen)))
    return Coverage(account, top, before, becomes, steps, reached, exact, gap)


def introduced(moment: Moment, account: int) -> float:
    """What an introduction becomes: the median strength of the account's active ties, else of all active ties, else tau."""
    ties = moment.scores.ties
    low, high = moment.log.tie_range(account)
    here = ties.strength[low:high][ties.active[low:high]]
    some = here if len(here) else ties.strength[ties.active]
    return float(np.median(some)) if len(some) else moment.formula.active_strength


def _account(
    people: Bench, account: int, top: int, becomes: float, rules: Mapping[int, ContactRule]
) -> _Account:
    moment, directory = people.moment, people.moment.directory
    low, high = moment.log.tie_range(account)
    rep, contact = moment.log.rep[low:high], moment.log.contact[low:high]
    ties = moment.scores.ties
    kept, named = ties.kept[low:high], ties.named[low:high]
    strength, active = ties.strength[low:high], ties.active[low:high]
    here = set(people.people.tolist())
    inside = {int(r) for r in rep[kept & named]}
    alike = people.similar(account, top, 0.0)
    outside = sorted(
        (p for p, traits in alike.items() if traits and p not in inside),
        key=lambda p: (-len(alike[p]), int(people.load[p]), p),
    )[:NEWCOMERS]
    valid = (directory.firm == account) & (directory.start <= moment.day) & (moment.day < directory.end)
    roster = {int(p) for p in directory.person[valid] if directory.unnamed_of[p] < 0}
    contacts = tuple(sorted({int(c) for c in contact[kept]} | roster))
    reps = tuple(sorted(inside | set(outside)))
    at_rep, at_contact = {r: k for k, r in enumerate(reps)}, {c: k for k, c in enumerate(contacts)}
    table, firm = np.zeros((len(reps), len(contacts))), np.zeros(len(contacts))
    live = np.zeros(table.shape, dtype=np.bool_)
    for k in np.flatnonzero(kept).tolist():
        where = at_contact[int(contact[k])]
        if named[k]:
            table[at_rep[int(rep[k])], where] = strength[k]
            live[at_rep[int(rep[k])], where] = active[k]
        else:
            firm[where] = strength[k]
    levels = directory.seniority_on(
        np.array(contacts, dtype=np.int32), np.full(len(contacts), account, dtype=np.int32), moment.day
    )
    departments = {int(people.profiles.department[r]) for r in reps if live[at_rep[r]].any()}

    def preference(pair: tuple[int, int]) -> tuple[object, ...]:
        r, c = pair
        who = reps[r]
        return (
            table[r, c] <= 0,
            not live[r].any(),
            not _fills(people, who, departments),
            int(people.profiles.seniority[who]) < int(levels[c]),
            -len(alike.get(who, ())),
            int(people.load[who]),
            who,
            contacts[c],
        )

    pairs = [
        (r, c)
        for r, who in enumerate(reps)
        for c, whom in enumerate(contacts)
        if who != top and who in here and not live[r, c] and _may(people, rules, who, whom)
    ]
    return _Account(
        reps, contacts, table, firm, np.array(moment.formula.authority)[levels], moment.baseline or 0.0, moment.formula,
        becomes, tuple(sorted(pairs, key=preference)),
    )  # fmt: skip


def _fills(people: Bench, who: int, departments: set[int]) -> bool:
    department = int(people.profiles.department[who])
    return department >= 0 and department not in departments


def _may(people: Bench, rules: Mapping[int, ContactRule], who: int, whom: int) -> bool:
    if people.moment.directory.unnamed_of[whom] >= 0 or people.profiles.silent[whom]:
        return False
    rule = rules.get(whom)
    return rule is None or rule.through == who


def _greedy(table: _Account, before: float, limit: float) -> tuple[tuple[int, int], ...]:
    chosen: tuple[tuple[int, int], ...] = ()
    now = before
    while now >= limit - EPSILON and len(chosen) < STEPS:
        left = [pair for pair in table.pairs if pair not in chosen]
        after = table.dependences([(*chosen, pair) for pair in left])
        if not len(after) or after.min() >= now - EPSILON:
            break
        # Pairs stand in the order of preference, so the first of the equal ones is taken.
        best = int(np.flatnonzero(after <= after.min() + 1e-9)[0])
        chosen, now = (*chosen, left[best]), float(after[best])
    return chosen


def _smaller(table: _Account, limit: float, largest: int) -> tuple[tuple[tuple[int, int], ...] | None, int]:
    """The first size of set below the limit, its best set, or None; and the largest size that was ruled out completely."""
    ruled_out = 0
    looked = 0
    for size in range(1, largest + 1):
        looked += math.comb(len(table.pairs), size)
        if looked > SETS:
            return None, ruled_out
        best: tuple[float, tuple[tuple[int, int], ...]] | None = None
        for some in _batches(itertools.combinations(table.pairs, size)):
            after = table.dependences(some)
            k = int(after.argmin())
            if after[k] < limit - EPSILON and (best is None or after[k] < best[0] - 1e-9):
                best = (float(after[k]), some[k])
        if best is not None:
            return best[1], ruled_out
        ruled_out = size
    return None, ruled_out


def _batches(
    sets: Iterator[tuple[tuple[int, int], ...]],
) -> Iterator[list[tuple[tuple[int, int], ...]]]:
    while some := list(itertools.islice(sets, AT_ONCE)):
        yield some


def _in_order(table: _Account, pairs: tuple[tuple[int, int], ...]) -> tuple[tuple[int, int], ...]:
    """The same introductions, each time the one that lowers the dependence most."""
    chosen: tuple[tuple[int, int], ...] = ()
    left = list(pairs)
    while left:
        after = table.dependences([(*chosen, pair) for pair in left])
        chosen = (*chosen, left.pop(int(after.argmin())))
    return chosen


def _introduction(
    people: Bench, table: _Account, account: int, top: int, chosen: tuple[tuple[int, int], ...], k: int
) -> Introduction:
    r, c = chosen[k]
    who, whom = table.reps[r], table.contacts[c]
    active = table.strength >= table.formula.active_strength - EPSILON
    departments = {
        int(people.profiles.department[one]) for q, one in enumerate(table.reps) if active[q].any()
    }
    departments |= {int(people.profiles.department[table.reps[q]]) for q, _ in chosen[:k]}
    return Introduction(
        rep=who,
        contact=whom,
        dependence=float(table.dependences([chosen[: k + 1]])[0]),
        weak=bool(table.strength[r, c] > 0),
        elsewhere=bool(active[r].any()),
        alike=people.alike(who, account, top),
        fills=_fills(people, who, departments),
        new=bool(table.strength[:, c].sum() + table.firm[c] <= 0),
        load=int(people.load[who]),
    )
