"""How well a score tells lost accounts from kept ones, and whether one score does it better than another."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


def auc(scores: Floats, lost: Flags, weights: NDArray[np.int64] | None = None) -> float:
    """Area under the ROC curve: the chance that a lost account scores above a kept one, equal scores counting half.

    ``weights`` (accounts,) say how often each account counts. NaN where nobody is lost or nobody is kept.

    >>> auc(np.array([0.1, 0.4, 0.4, 0.9]), np.array([False, False, True, True]))
    0.875
    """
    order = np.argsort(scores, kind="stable")
    count = np.ones(len(scores)) if weights is None else weights[order].astype(np.float64)
    return _auc_of_sorted(_groups(scores[order]), lost[order], count)


def auc_gain(
    better: Floats,
    other: Floats,
    lost: Flags,
    dice: np.random.Generator,
    rounds: int = 500,
    clusters: NDArray[np.int64] | None = None,
) -> tuple[float, float, float]:
    """AUC(better) - AUC(other) and its 2.5 % and 97.5 % points by a paired bootstrap over accounts.

    ``clusters`` (accounts,), numbered from 0: what belongs together is drawn together (all accounts of one leaver).
    """
    sides: list[tuple[NDArray[np.int64], NDArray[np.int64], Flags]] = []
    for scores in (better, other):
        order = np.argsort(scores, kind="stable")
        sides.append((order, _groups(scores[order]), lost[order]))
    ones = np.ones(len(lost))
    gain = _auc_of_sorted(sides[0][1], sides[0][2], ones) - _auc_of_sorted(sides[1][1], sides[1][2], ones)
    group = np.arange(len(lost)) if clusters is None else clusters
    size = int(group.max()) + 1
    drawn = np.empty(rounds)
    for k in range(rounds):
        weights = np.bincount(dice.integers(0, size, size), minlength=size).astype(np.float64)[group]
        first, second = (_auc_of_sorted(groups, hit, weights[order]) for order, groups, hit in sides)
        drawn[k] = first - second
    # A round in which nobody, or everybody, was lost says nothing.
    said = drawn[np.isfinite(drawn)]
    low, high = np.quantile(said, [0.025, 0.975]) if len(said) else (np.nan, np.nan)
    return gain, float(low), float(high)


def _groups(scores: Floats) -> NDArray[np.int64]:
    """Which run of equal values each of the sorted scores belongs to."""
    return np.cumsum(np.diff(scores, prepend=scores[:1]) != 0)


def _auc_of_sorted(groups: NDArray[np.int64], lost: Flags, weights: Floats) -> float:
    if not len(groups):
        return float("nan")
    kept_here = np.bincount(groups, weights * ~lost)
    lost_here = np.bincount(groups, weights * lost)
    below = np.cumsum(kept_here) - kept_here
    pairs = float(lost_here.sum() * kept_here.sum())
    return float((lost_here * (below + kept_here / 2)).sum()) / pairs if pairs else float("nan")
