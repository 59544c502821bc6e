"""Pushing circles apart until none overlaps; arrays instead of loops, because a page waits for it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]
Index = NDArray[np.intp]

# Who is near whom changes slowly: looked up anew after so many rounds, with so much room to spare.
_REFRESH, _SPARE = 12, 90.0
_STILL = 0.4


def _close(points: Points, others: Points, need: Points) -> tuple[Index, Index]:
    delta = points[:, None, :] - others[None, :, :]
    reach = need + _SPARE
    found = np.nonzero((delta**2).sum(axis=2) < reach * reach)
    return found[0], found[1]


def _gaps(points: Points, others: Points) -> tuple[Points, NDArray[np.float64]]:
    delta = points - others
    return delta, np.maximum(np.hypot(delta[:, 0], delta[:, 1]), 1e-6)


def push_apart(points: Points, sizes: NDArray[np.float64], *, gap: float, rounds: int) -> Points:
    """Circles with ``gap`` between them; overlapping pairs give way a quarter of it each round."""
    points = points.copy()
    need = sizes[:, None] + sizes[None, :] + gap
    a = b = np.zeros(0, dtype=np.intp)
    for number in range(rounds):
        if number % _REFRESH == 0:
            a, b = _close(points, points, need)
            a, b = a[a > b], b[a > b]
        delta, far = _gaps(points[a], points[b])
        push = np.maximum(need[a, b] - far, 0) / far * 0.25
        move = delta * push[:, None]
        np.add.at(points, a, move)
        np.add.at(points, b, -move)
        if np.abs(move).max(initial=0) < _STILL and number % _REFRESH:
            break
    return points


def keep_out(
    points: Points, sizes: NDArray[np.float64], hubs: Points, rings: NDArray[np.float64], *, rounds: int
) -> Points:
    """Small circles outside of large fixed ones and apart from each other."""
    points = points.copy()
    need_hub = rings[None, :] + sizes[:, None] + 10
    need = sizes[:, None] + sizes[None, :] + 16
    i = h = a = b = np.zeros(0, dtype=np.intp)
    for number in range(rounds):
        if number % _REFRESH == 0:
            i, h = _close(points, hubs, need_hub)
            a, b = _close(points, points, need)
            a, b = a[a > b], b[a > b]
        delta, far = _gaps(points[a], points[b])
        move = delta * (np.maximum(need[a, b] - far, 0) / far * 0.5)[:, None]
        np.add.at(points, a, move)
        np.add.at(points, b, -move)
        # The circles of reps have the last word: what stands between them must not slip in.
        delta, far = _gaps(points[i], hubs[h])
        np.add.at(points, i, delta * (np.maximum(need_hub[i, h] - far, 0) / far * 0.6)[:, None])
    return points
