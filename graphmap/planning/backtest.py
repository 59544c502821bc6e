"""How well the number did: what was known on the day before each past departure, and what became of the accounts in a year.

Nothing that happened after a departure enters a number of the day before it but corrections of people and identities.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import spearmanr

from graphmap.scoring.directory import ALWAYS, OWN, Directory
from graphmap.scoring.formula import DAY_MS
from graphmap.scoring.moment import Moment
from graphmap.scoring.portfolio import NO_DATA, STATUS
from graphmap.scoring.separation import auc, auc_gain
from graphmap.scoring.ties import TieLog
from graphmap.scoring.touches import KIND_CODES, decode
from graphmap.scoring.trend import score_at

YEAR = 365
"""Days looked at before and after a departure."""
LEAST_HISTORY = 90
"""Days of records before a departure without which nothing could have been known."""
LEAST_BEFORE = 4
"""Orders (or conversations) in the year before; with fewer, half of them is no measure."""
LEAST_DEPARTURES, LEAST_OF_EACH = 30, 10
"""Below so many departures, accounts lost or accounts kept, no figure is given (docs/number.md, "Back-test")."""
FLAGGED = 0.6
NOT_TOUCHED = 0.05
"""A leaver who held less of an account did not touch it."""

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Case:
    """An account (index) that somebody (index) of ours left on ``day``, as it stood the day before.

    ``share`` P of the leaver and ``plain`` their share of the interactions, both 0-1; ``reps`` how many of ours had an active tie;
    ``before``, ``after`` orders (or conversations) in the year before and after; ``usual`` the change of like accounts which nobody
    left in the same year (0 = none is like it); ``known``: the number was certain enough to be shown.
    """

    account: int
    rep: int
    day: int
    share: float
    plain: float
    reps: int
    before: int
    after: int
    usual: float
    known: bool

    @property
    def change(self) -> float:
        """Relative change of what the account does with us, -1 = nothing more."""
        return self.after / self.before - 1

    @property
    def lost(self) -> bool:
        """Whether the year after brought half of the year before, or less."""
        return 2 * self.after <= self.before


@dataclass(frozen=True)
class Verdict:
    """What the cases say of the number. AUC 0-1, ``gain`` = AUC of the leaver's P minus AUC of the plain share with its 95 %
    interval (bootstrap over leavers), ``rank`` Spearman's correlation of P with the loss beyond ``usual``; ``precision`` and
    ``recall`` 0-1 of "the leaver holds 60 % or more" (None: nobody does); ``ceiling`` 0-1 the loss a whole share of 1 went along with (least
    squares through 0).
    """

    auc: float
    auc_plain: float
    gain: tuple[float, float, float]
    rank: float
    flagged: int
    precision: float | None
    recall: float
    ceiling: float


@dataclass(frozen=True)
class BackTest:
    """All cases; ``measure`` orders or conversations; ``too_short`` departures without a year after or enough before.

    ``verdict`` None: too few cases to say anything; ``lacking`` says of what.
    """

    measure: str
    cases: tuple[Case, ...]
    departures: int
    too_short: int
    lacking: tuple[str, ...]
    verdict: Verdict | None

    @property
    def lost(self) -> int:
        """How many of the accounts were lost."""
        return sum(case.lost for case in self.cases)


def back_test(moment: Moment, rounds: int = 500) -> BackTest:
    """All departures of our people that the records hold, one case per account the leaver touched."""
    doings = _Doings(moment.log, moment)
    left = departures(moment.directory, moment.day)
    ready = [
        (rep, day) for rep, day in left if doings.first + LEAST_HISTORY <= day and day + YEAR <= moment.day
    ]
    touched = np.unique(moment.log.account[np.isin(moment.log.rep, [rep for rep, _ in left])])
    cases: list[Case] = []
    for rep, day in ready:
        cases += _cases(moment, doings, touched, rep, day)
    lacking = _lacking(cases)
    return BackTest(
        measure="orders" if doings.orders else "conversations",
        cases=tuple(cases),
        departures=len({case.rep for case in cases}),
        too_short=len(left) - len(ready),
        lacking=lacking,
        verdict=None if lacking else _verdict(cases, rounds),
    )


def departures(directory: Directory, today: int) -> list[tuple[int, int]]:
    """Our people (indexes) who have left by that day, with the day, by day and person."""
    last = np.full(len(directory.person_ids), ALWAYS, dtype=np.int64)
    ours = directory.firm_kind[directory.firm] == OWN
    np.maximum.at(last, directory.person[ours], directory.end[ours])
    gone = np.flatnonzero((last > ALWAYS) & (last <= today))
    return sorted(((int(who), int(last[who])) for who in gone), key=lambda one: (one[1], one[0]))


class _Doings:
    """What each account did with us: orders where most accounts order, else what they said (their mails, calls and meetings)."""

    def __init__(self, log: TieLog, moment: Moment) -> None:
        rows = log.touches_of(np.arange(len(log.account)))
        account = np.repeat(log.account, log.stop - log.start)
        table = decode(log.codes, moment.formula)
        order = table.kind[rows.code] == KIND_CODES["order"]
        past, said = rows.at <= moment.as_of, table.two_way[rows.code]
        some, many = (np.unique(account[past & kind]) for kind in (order, said))
        self.orders = len(some) > 0 and 2 * len(some) >= len(many)
        counts = past & (order if self.orders else said)
        key = (account[counts].astype(np.int64) << 32) | rows.interaction[counts]
        _, first = np.unique(key, return_index=True)
        self._account = account[counts][first]
        self._day = rows.at[counts][first] // DAY_MS
        self.size = len(moment.directory.firm_ids)
        self.first = int(rows.at.min()) // DAY_MS if len(rows.at) else moment.day

    def between(self, begin: int, end: int) -> Ints:
        """How many of each firm lie on the days ``begin`` to ``end`` - 1; shape (firms,)."""
        inside = (self._day >= begin) & (self._day < end)
        return np.bincount(self._account[inside], minlength=self.size)


def _cases(moment: Moment, doings: _Doings, touched: NDArray[np.int32], rep: int, day: int) -> list[Case]:
    log = moment.log.of_accounts(set(moment.log.account[moment.log.rep == rep].tolist()))
    scores = score_at(log, moment.directory, moment.formula, day * DAY_MS - 1, moment.baseline)
    before, after = doings.between(day - YEAR, day), doings.between(day, day + YEAR)
    reps = scores.reps
    whole = np.bincount(reps.account, reps.plain, minlength=len(before))
    left_alone = np.setdiff1d(np.flatnonzero(before >= LEAST_BEFORE), touched)
    found: list[Case] = []
    for row in np.flatnonzero((reps.rep == rep) & (reps.share >= NOT_TOUCHED)).tolist():
        account = int(reps.account[row])
        if before[account] < LEAST_BEFORE:
            continue
        at = int(np.searchsorted(scores.accounts, account))
        like = left_alone[
            (2 * before[left_alone] >= before[account]) & (before[left_alone] <= 2 * before[account])
        ]
        usual = float((after[like] / before[like] - 1).mean()) if len(like) else 0.0
        found.append(
            Case(
                account=account,
                rep=rep,
                day=day,
                share=float(reps.share[row]),
                plain=float(reps.plain[row] / whole[account]) if whole[account] else 0.0,
                reps=int(scores.active_reps[at]),
                before=int(before[account]),
                after=int(after[account]),
                usual=usual,
                known=int(scores.status[at]) != NO_DATA and STATUS[scores.status[at]] == "ok",
            )
        )
    return found


def _lacking(cases: list[Case]) -> tuple[str, ...]:
    """What there is too little of, each in words; empty where there is enough."""
    lost = sum(case.lost for case in cases)
    counts = (
        (len({case.rep for case in cases}), LEAST_DEPARTURES, "departures"),
        (lost, LEAST_OF_EACH, "accounts lost"),
        (len(cases) - lost, LEAST_OF_EACH, "accounts kept"),
    )
    return tuple(f"{number} {what}, {least} needed" for number, least, what in counts if number < least)


def _verdict(cases: list[Case], rounds: int) -> Verdict:
    share: Floats = np.array([case.share for case in cases])
    plain: Floats = np.array([case.plain for case in cases])
    lost = np.array([case.lost for case in cases])
    beyond: Floats = np.array([case.usual - case.change for case in cases])
    _, leavers = np.unique([case.rep for case in cases], return_inverse=True)
    flagged = share >= FLAGGED
    hit = int((flagged & lost).sum())
    # The seed is part of the definition: equal records give equal figures.
    correlation: Any = spearmanr(share, beyond)
    gain = auc_gain(share, plain, lost, np.random.default_rng(1), rounds, leavers)
    return Verdict(
        auc=auc(share, lost),
        auc_plain=auc(plain, lost),
        gain=gain,
        rank=float(correlation.statistic),
        flagged=int(flagged.sum()),
        precision=hit / int(flagged.sum()) if flagged.any() else None,
        recall=hit / int(lost.sum()),
        ceiling=float(np.clip((share @ beyond) / (share @ share), 0, 1)),
    )
