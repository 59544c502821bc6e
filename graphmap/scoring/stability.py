"""How far the picture hangs on the weights: every weight a quarter more and a quarter less, and what changes then."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import kendalltau

from graphmap.scoring.directory import Directory
from graphmap.scoring.formula import Formula
from graphmap.scoring.portfolio import OK, Scores, baseline_of, score
from graphmap.scoring.ties import TieLog, sum_ties

SHIFTED: tuple[str, ...] = (
    "half_life_days", "reciprocity", "vote_exponent", "weight_email", "weight_message", "weight_call", "weight_meeting",
    "weight_order", "weight_firm", "cc_factor", "authority_user", "authority_manager", "authority_director",
    "authority_executive", "authority_unknown",
)  # fmt: skip
"""The parameters of the formula that are weights."""
QUARTER = 0.25


@dataclass(frozen=True)
class Shift:
    """One weight at one other value. ``tau``: Kendall's tau-b between the accounts' D then and now (None: fewer than two accounts, or all
    equal); ``accounts`` with a certain number both times; ``moved`` of them in another band; ``flagged`` single-threaded then but not now or
    now but not then; ``most`` the largest change of D, points.
    """

    weight: str
    value: float
    accounts: int
    tau: float | None
    moved: int
    flagged: int
    most: float


def stability(
    log: TieLog, directory: Directory, formula: Formula, as_of: int, weights: Sequence[str] = SHIFTED
) -> Iterator[Shift]:
    """Each weight times 0.75 and 1.25, the baseline s0 made anew from the same records every time (its unit follows the weights).

    A share cannot exceed 1: ``reciprocity``, ``vote_exponent`` and ``cc_factor`` stop there.
    """
    now = numbers_under(log, directory, formula, as_of)
    for name in weights:
        for factor in (1 - QUARTER, 1 + QUARTER):
            value = float(getattr(formula, name)) * factor
            if name in ("reciprocity", "vote_exponent", "cc_factor"):
                value = min(value, 1.0)
            other = replace(formula, **{name: value})
            yield shift(name, value, now, numbers_under(log, directory, other, as_of))


def numbers_under(log: TieLog, directory: Directory, formula: Formula, as_of: int) -> Scores:
    """All numbers under a formula with the baseline that the records give under it."""
    sums = sum_ties(log, formula, as_of)
    return score(log, sums, directory, formula, as_of, baseline_of(log, sums, directory, formula, as_of))


def shift(weight: str, value: float, now: Scores, then: Scores) -> Shift:
    """Compares two sets of numbers of the same accounts."""
    both = (now.status == OK) & (then.status == OK)
    rows = np.flatnonzero(both).tolist()
    one, other = now.dependence[both], then.dependence[both]
    return Shift(
        weight=weight,
        value=value,
        accounts=len(rows),
        tau=_tau(one, other),
        moved=sum(now.band[k] != then.band[k] for k in rows),
        flagged=sum(
            (now.cell_ours[k] == "single") != (then.cell_ours[k] == "single")
            for k in range(len(now.accounts))
        ),
        most=float(100 * np.abs(one - other).max()) if len(rows) else 0.0,
    )


def _tau(one: NDArray[np.float64], other: NDArray[np.float64]) -> float | None:
    if len(one) < 2:
        return None
    correlation: Any = kendalltau(one, other)
    found = float(correlation.statistic)
    return None if np.isnan(found) else found
