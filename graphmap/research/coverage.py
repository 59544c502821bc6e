"""How often the 90 % interval holds the index that endless records of the same people would give."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graphmap.research.accounts import make_accounts
from graphmap.research.candidates import averaged, scored, tie_log
from graphmap.research.habits import make_habits
from graphmap.research.interactions import NOW, directory_of_world, record
from graphmap.research.worlds import World
from graphmap.scoring.formula import Formula
from graphmap.scoring.portfolio import score
from graphmap.scoring.ties import TieLog, TieSums, sum_ties

Floats = NDArray[np.float64]

SAMPLES = ((0.0, 3.0), (3.0, 8.0), (8.0, 20.0), (20.0, 60.0), (60.0, float("inf")))


@dataclass(frozen=True)
class Coverage:
    """Of the accounts whose effective sample lies in ``[low, high)``: how many there are, the share (0-1) whose interval holds
    the true index, mean width, bias and root mean square error of D, the last three in points.
    """

    low: float
    high: float
    accounts: int
    held: float
    width: float
    bias: float
    error: float


def coverage(
    world: World, count: int, seed: int, formula: Formula, logs: int = 40, *, habits_change: bool = False
) -> tuple[Coverage, ...]:
    """One log judged against the index of the mean of ``logs`` further logs of the same accounts; all first, then by sample.

    In the further logs people keep their habits (who writes a lot, who sends the delivery notes), as the interval means it:
    it speaks of what chance does to records. With ``habits_change`` every further log has new ones.
    """
    dice = np.random.default_rng([seed, 7, *world.name.encode()])
    accounts = make_accounts(world, count, dice)
    directory = directory_of_world(accounts)
    habits = make_habits(accounts, dice)
    _, seen = scored(tie_log(record(world, accounts, habits, dice), directory, formula), directory, formula)
    many: list[tuple[TieLog, TieSums]] = []
    for _ in range(logs):
        theirs = make_habits(accounts, dice) if habits_change else habits
        log = tie_log(record(world, accounts, theirs, dice), directory, formula)
        many.append((log, sum_ties(log, formula, NOW)))
    log, sums = averaged(many)
    true = score(log, sums, directory, formula, NOW, seen.baseline)
    known = ~np.isnan(seen.dependence) & ~np.isnan(true.dependence)
    said, index = seen.dependence[known], true.dependence[known]
    low, high, sample = seen.lower[known], seen.upper[known], seen.effective_sample[known]
    held = (low <= index) & (index <= high)

    def of(rows: NDArray[np.bool_], bounds: tuple[float, float]) -> Coverage:
        some = int(rows.sum())
        if not some:
            return Coverage(*bounds, 0, *(float("nan"),) * 4)
        off = 100 * (said - index)[rows]
        return Coverage(
            *bounds,
            accounts=some,
            held=float(held[rows].mean()),
            width=float(100 * (high - low)[rows].mean()),
            bias=float(off.mean()),
            error=float(np.sqrt((off**2).mean())),
        )

    everything = of(np.ones(len(said), dtype=np.bool_), (0.0, float("inf")))
    return everything, *(of((sample >= a) & (sample < b), (a, b)) for a, b in SAMPLES)
