"""Whose leaving together would hurt the portfolio most, under three objectives, and how few could orphan most contacts.

It answers for sets of people and never orders people: a set is told without places (docs/number.md, "Exposure").
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array

from graphmap.scoring.formula import EPSILON
from graphmap.scoring.grouping import sum_by
from graphmap.scoring.moment import Moment, works_for_us
from graphmap.scoring.portfolio import NO_DATA

Objective = Literal["exposure", "disturbed", "stranded"]
DISTURBED, STRANDED = 0.3, 0.6
"""A leaver's share of an account from which it counts as disturbed; the leavers' common share from which it is stranded."""
SECONDS = 10.0

Floats = NDArray[np.float64]
Indexes = NDArray[np.int32]


@dataclass(frozen=True)
class Shares:
    """What everybody of ours who works here carries: entries (``row``, ``column``, ``share`` P 0-1), shape (entries,).

    ``value`` (accounts,) of the scores' rows; ``people`` (columns,) indexes of the directory. ``valued`` False: no account has a
    value, each counts 1.
    """

    row: Indexes
    column: Indexes
    share: Floats
    value: Floats
    people: Indexes
    valued: bool

    def held(self, columns: Sequence[int]) -> Floats:
        """What these people hold together of each account, shape (accounts,)."""
        mine = np.isin(self.column, columns)
        return sum_by(self.row[mine], self.share[mine], len(self.value))

    def carried(self, value: Floats) -> Floats:
        """Sum over accounts of value times share, shape (columns,)."""
        return sum_by(self.column, self.share * value[self.row], len(self.people))


@dataclass(frozen=True)
class Hurting:
    """A set of people (indexes, sorted), its worth, and how sure that is: no set of that size is worth more than ``bound``.

    ``accounts``: rows of the scores that count, with what they add. ``method``: sorted, greedy or milp.
    """

    people: tuple[int, ...]
    worth: float
    bound: float
    accounts: tuple[tuple[int, float], ...]
    method: str

    @property
    def gap(self) -> float:
        """``(bound - worth) / worth``; 0 = proven the largest."""
        return max(0.0, self.bound - self.worth) / self.worth if self.worth > 0 else 0.0


def shares_of(moment: Moment, value: Floats) -> Shares:
    """The shares of the moment with the accounts' values (NaN = unknown, which then counts nothing), shape (accounts,).

    Where no account has a value at all, each counts 1.
    """
    scores, directory = moment.scores, moment.directory
    reps = scores.reps
    here = works_for_us(directory, reps.rep, moment.day) & (reps.share > 0)
    row = np.full(len(directory.firm_ids) + 1, -1, dtype=np.int32)
    row[scores.accounts] = np.arange(len(scores.accounts))
    place = row[reps.account]
    here &= place >= 0
    people, column = np.unique(reps.rep[here], return_inverse=True)
    known = scores.status != NO_DATA
    valued = bool(np.any(np.isfinite(value) & known))
    worth = np.where(known, np.nan_to_num(value) if valued else 1.0, 0.0)
    return Shares(place[here], column.astype(np.int32), reps.share[here], worth, people, valued)


def worst(
    table: Shares, k: int, objective: Objective, *, loss: float = 1.0, seconds: float = SECONDS
) -> Hurting:
    """The k people whose leaving together is worth most under the objective.

    ``exposure``: sum of value x loss x their shares; additive, so sorting is exact. ``disturbed``: values of accounts in which
    one of them has at least 0.3; submodular, greedy reaches at least 63 % (Nemhauser, Wolsey, Fisher 1978), the bound is its own.
    ``stranded``: values of accounts of which they hold at least 0.6 together; greedy can be arbitrarily bad, so a MILP (HiGHS)
    is solved within ``seconds`` and its dual bound given.

    Raises:
        ValueError: k is below 1.
    """
    if k < 1:
        raise ValueError(k)
    k = min(k, len(table.people))
    if k == 0:
        return Hurting((), 0.0, 0.0, (), "sorted")
    if objective == "exposure":
        return _exposed(table, k, loss)
    if objective == "disturbed":
        return _disturbed(table, k)
    return _stranded(table, k, seconds)


def _told(table: Shares, columns: Sequence[int], added: Floats, bound: float, method: str) -> Hurting:
    worth = float(added.sum())
    return Hurting(
        people=tuple(sorted(int(table.people[c]) for c in columns)),
        worth=worth,
        bound=max(worth, bound),
        accounts=tuple((int(r), float(added[r])) for r in np.flatnonzero(added > 0)),
        method=method,
    )


def _exposed(table: Shares, k: int, loss: float) -> Hurting:
    columns = np.lexsort((table.people, -table.carried(table.value)))[:k].tolist()
    return _told(table, columns, loss * table.value * table.held(columns), 0.0, "sorted")


def _disturbed(table: Shares, k: int) -> Hurting:
    heavy = table.share >= DISTURBED - EPSILON
    row, column = table.row[heavy], table.column[heavy]
    left = table.value.copy()
    columns: list[int] = []
    bound = np.inf
    for step in range(k + 1):
        gains = sum_by(column, left[row], len(table.people))
        # What is disturbed already plus the k largest gains bounds every set of k (submodularity).
        bound = min(bound, float((table.value - left).sum() + np.sort(gains)[::-1][:k].sum()))
        if step == k:
            break
        gains[columns] = -1.0
        columns.append(int(np.argmax(gains)))
        left[row[column == columns[-1]]] = 0.0
    return _told(table, columns, table.value - left, bound, "greedy")


def _stranded_by(table: Shares, columns: Sequence[int]) -> Floats:
    return table.value * (table.held(columns) >= STRANDED - EPSILON)


def _greedy_stranded(table: Shares, k: int) -> list[int]:
    """By what each adds at once, and where nothing is added by the value of what is carried of accounts still open."""
    columns: list[int] = []
    held = np.zeros(len(table.value))
    for _ in range(k):
        value = table.value * (held < STRANDED - EPSILON)
        crosses = table.share + held[table.row] >= STRANDED - EPSILON
        gains = sum_by(table.column, value[table.row] * crosses, len(table.people))
        hints = table.carried(value)
        gains[columns] = hints[columns] = -1.0
        columns.append(int(np.lexsort((table.people, -hints, -gains))[0]))
        held = table.held(columns)
    return columns


def _stranded(table: Shares, k: int, seconds: float) -> Hurting:
    """Max sum v_a z_a with sum_r P_ra x_r >= 0.6 z_a, sum x = k, x and z binary; only accounts that can be stranded at all."""
    greedy = _greedy_stranded(table, k)
    can = (table.value > 0) & (_k_largest(table, k) >= STRANDED - EPSILON)
    if not can.any():
        return _told(table, greedy, np.zeros(len(table.value)), 0.0, "milp")
    entries = can[table.row]
    rows, place = np.unique(table.row[entries], return_inverse=True)
    people = len(table.people)
    largest = float(table.value[rows].max())
    answer = _solved(
        place.astype(np.int32),
        table.column[entries],
        table.share[entries],
        table.value[rows] / largest,
        people,
        k,
        seconds,
    )
    candidates = [greedy]
    if answer.x is not None:
        candidates.append(np.flatnonzero(answer.x[:people] > 0.5).tolist())
    best = max(candidates, key=lambda columns: float(_stranded_by(table, columns).sum()))
    dual = answer.mip_dual_bound
    bound = (
        float(table.value[rows].sum()) if dual is None or not np.isfinite(dual) else -float(dual) * largest
    )
    return _told(table, best, _stranded_by(table, best), bound, "milp")


def _solved(
    row: Indexes, column: Indexes, share: Floats, value: Floats, people: int, k: int, seconds: float
) -> Any:
    accounts = len(value)
    place = np.arange(accounts)
    matrix = coo_array(
        (
            np.concatenate([share, np.full(accounts, -(STRANDED - EPSILON)), np.ones(people)]),
            (
                np.concatenate([row, place, np.full(people, accounts)]),
                np.concatenate([column, people + place, np.arange(people)]),
            ),
        ),
        shape=(accounts + 1, people + accounts),
    )
    low, high = np.append(np.zeros(accounts), k), np.append(np.full(accounts, np.inf), k)
    constraint: Any = LinearConstraint(matrix.tocsr(), low, high)  # pyright: ignore[reportArgumentType] # its stubs know floats only
    return milp(
        np.concatenate([np.zeros(people), -value]),
        integrality=np.ones(people + accounts),
        bounds=Bounds(0, 1),
        constraints=constraint,
        options={"time_limit": seconds, "mip_rel_gap": 1e-6},
    )


def _k_largest(table: Shares, k: int) -> Floats:
    """The sum of the k largest shares of each account."""
    order = np.lexsort((-table.share, table.row))
    row = table.row[order]
    first = np.searchsorted(row, row)
    counted = np.arange(len(row)) - first < k
    return sum_by(row[counted], table.share[order][counted], len(table.value))


@dataclass(frozen=True)
class Absence:
    """The fewest people (indexes, sorted) whose leaving orphans more than half of the weighted contacts.

    ``orphaned`` 0-1 the part of the weight that has nobody of ours left; ``at_least``: no smaller number does it (proven).
    """

    people: tuple[int, ...]
    orphaned: float
    at_least: int


def firm_absence(moment: Moment, value: Floats, *, half: float = 0.5) -> Absence | None:
    """The firm's absence factor: a contact is orphaned when all who have an active tie with it leave; weight = value x omega.

    Greedy by newly orphaned weight, then by the weight of what is nearly orphaned (the truck factor's way); ``at_least`` comes
    from the weight that k people can orphan at most. None where there is no active tie.
    """
    log, ties, scores = moment.log, moment.scores.ties, moment.scores
    active = np.flatnonzero(ties.active)
    if not len(active):
        return None
    row = np.full(len(moment.directory.firm_ids) + 1, -1, dtype=np.int32)
    row[scores.accounts] = np.arange(len(scores.accounts))
    active = active[row[log.account[active]] >= 0]
    slots, contact = np.unique(ties.contact_slot[active], return_inverse=True)
    people, rep = np.unique(log.rep[active], return_inverse=True)
    known = np.isfinite(value)
    worth = np.where(known, value, 0.0) if known.any() else np.ones(len(value))
    weight = scores.contacts.vote[slots] * worth[row[scores.contacts.account[slots]]]
    total = float(weight.sum())
    if total <= 0:
        return None
    left = np.bincount(contact, minlength=len(slots)).astype(np.float64)
    chosen: list[int] = []
    gone = 0.0
    # Whoever leaves orphans at most the contacts they are tied to, each shared among all who are tied to it.
    reach = np.sort(sum_by(rep, (weight / left)[contact], len(people)))[::-1]
    at_least = int(np.searchsorted(np.cumsum(reach), half * total, side="right")) + 1
    while gone <= half * total and len(chosen) < len(people):
        nearly = np.divide(weight, left, out=np.zeros_like(weight), where=left > 0)
        now = sum_by(rep, np.where(left == 1, weight, 0.0)[contact], len(people))
        hint = sum_by(rep, nearly[contact], len(people))
        now[chosen] = hint[chosen] = -1.0
        chosen.append(int(np.lexsort((people, -hint, -now))[0]))
        left[contact[rep == chosen[-1]]] -= 1
        gone = float(weight[left == 0].sum())
    if gone <= half * total:
        return None
    return Absence(tuple(sorted(int(people[c]) for c in chosen)), gone / total, min(at_least, len(chosen)))
