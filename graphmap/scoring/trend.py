"""The dependence over time: month ends, the change within 90 days, and whether it is more than noise."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import theilslopes

from graphmap.scoring.directory import Directory
from graphmap.scoring.formula import DAY_MS, Formula
from graphmap.scoring.portfolio import NO_DATA, Scores, score
from graphmap.scoring.ties import TieLog, sum_ties

WINDOW_DAYS = 90
NOTABLE = 10.0
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Change:
    """What became of the dependence in a window; arrays of shape (accounts,), points 0-100, NaN where either end is not known.

    ``significant``: the change is larger than both intervals' half-widths combined in quadrature.
    """

    points: Floats
    significant: NDArray[np.bool_]


def month_ends(as_of: int, months: int = 12) -> tuple[int, ...]:
    """The last milliseconds (UTC) of the months before ``as_of``, and ``as_of`` itself, oldest first.

    >>> [datetime.datetime.fromtimestamp((t + 1) / 1000, datetime.UTC).date().isoformat() for t in month_ends(0, 2)[:2]]
    ['1969-12-01', '1970-01-01']
    """
    day = datetime.datetime.fromtimestamp(as_of / 1000, datetime.UTC).date().replace(day=1)
    ends = [as_of]
    for _ in range(months):
        midnight = datetime.datetime.combine(day, datetime.time(), datetime.UTC)
        ends.append(round(midnight.timestamp() * 1000) - 1)
        day = (day - datetime.timedelta(days=1)).replace(day=1)
    return tuple(reversed(ends))


def score_at(
    log: TieLog, directory: Directory, formula: Formula, as_of: int, baseline: float | None
) -> Scores:
    """All numbers at another instant, with the same formula and baseline; the same bits as a scoring run at that instant."""
    return score(log, sum_ties(log, formula, as_of), directory, formula, as_of, baseline)


def change(before: Scores, after: Scores, least: float = 8.0) -> Change:
    """The change of D between two instants of the same accounts; known only where n_eff is at least ``least`` at both."""
    enough = (before.effective_sample >= least - 1e-9) & (after.effective_sample >= least - 1e-9)
    enough &= (before.status != NO_DATA) & (after.status != NO_DATA)
    points = np.where(enough, 100 * (after.dependence - before.dependence), np.nan)
    half = np.hypot(50 * (before.upper - before.lower), 50 * (after.upper - after.lower))
    significant = np.zeros(len(points), dtype=np.bool_)
    significant[enough] = np.abs(points[enough]) > half[enough]
    return Change(points, significant)


def direction(found: Change, row: int) -> str:
    """Rising or falling where the change is 10 points or more and significant, else steady; unknown where it is not known."""
    points = float(found.points[row])
    if np.isnan(points):
        return "unknown"
    if abs(points) < NOTABLE or not found.significant[row]:
        return "steady"
    return "rising" if points > 0 else "falling"


def slope(days: Floats, values: Floats) -> float | None:
    """Theil-Sen slope in points per 30 days over the known values; None with fewer than three of them.

    >>> round(slope(np.array([0.0, 30.0, 60.0]), np.array([10.0, 12.0, 14.0])) or 0, 6)
    2.0
    """
    known = np.isfinite(values)
    if int(known.sum()) < 3:
        return None
    found: Any = theilslopes(values[known], days[known])
    return 30 * float(found.slope)


def window_start(as_of: int) -> int:
    """The instant 90 days before."""
    return as_of - WINDOW_DAYS * DAY_MS
