"""Reps one after the other: an account that was handed over hangs on one person at every moment, however many there were."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graphmap.scoring.directory import Directory
from graphmap.scoring.formula import DAY_MS
from graphmap.scoring.ties import TieLog


@dataclass(frozen=True, slots=True)
class Passed:
    """An account that passed from rep to rep (indexes, in their order); ``day`` = first day of the last, since 1970-01-01."""

    reps: tuple[int, ...]
    day: int


def handed_over(log: TieLog, directory: Directory, as_of: int) -> dict[int, Passed]:
    """Accounts (index of the directory) with two or more reps, each one's days wholly before the next one's.

    All touches up to ``as_of`` (epoch ms) count, whatever their age, and those of people who have left as well. Days are UTC.
    """
    first, last = _days(log, as_of)
    known = np.flatnonzero((last >= 0) & (log.rep != directory.firm_rep))
    order = known[np.lexsort((first[known], log.rep[known], log.account[known]))]
    found: dict[int, Passed] = {}
    account, rep = log.account[order], log.rep[order]
    for begin, end in _runs(account):
        ranges: dict[int, tuple[int, int]] = {}
        for row in range(begin, end):
            tie, who = order[row], int(rep[row])
            low, high = ranges.get(who, (2**40, -1))
            ranges[who] = (min(low, int(first[tie])), max(high, int(last[tie])))
        if len(ranges) < 2:
            continue
        line = sorted(ranges.items(), key=lambda one: (one[1], one[0]))
        if all(before[1][1] < after[1][0] for before, after in itertools.pairwise(line)):
            found[int(account[begin])] = Passed(tuple(who for who, _ in line), line[-1][1][0])
    return found


def _days(log: TieLog, as_of: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """First and last day of every tie up to an instant; -1 where there is none."""
    ties = len(log.account)
    first, last = np.full(ties, 2**40, dtype=np.int64), np.full(ties, -1, dtype=np.int64)
    if ties:
        rows = log.touches(0, ties)
        tie = np.repeat(np.arange(ties), np.diff(np.append(rows.starts, len(rows.at))))
        past = rows.at <= as_of
        day = rows.at[past] // DAY_MS
        np.minimum.at(first, tie[past], day)
        np.maximum.at(last, tie[past], day)
    return first, last


def _runs(values: NDArray[np.int32]) -> list[tuple[int, int]]:
    cuts = np.flatnonzero(np.diff(values, prepend=-1))
    return list(zip(cuts.tolist(), [*cuts[1:].tolist(), len(values)], strict=True)) if len(values) else []
