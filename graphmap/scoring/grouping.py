"""Sums by group: the one array operation that every portfolio number is made of."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


def sum_by(group: NDArray[Any], values: NDArray[Any], size: int) -> NDArray[np.float64]:
    """The sum of ``values`` in each group 0..size-1; both of shape (n,), result (size,). Added in the order given.

    >>> sum_by(np.array([0, 2, 0]), np.array([1.0, 5.0, 2.0]), 3).tolist()
    [3.0, 0.0, 5.0]
    """
    sums: NDArray[np.float64] = np.asarray(
        np.bincount(group, weights=values, minlength=size), dtype=np.float64
    )
    return sums


def any_by(group: NDArray[Any], flags: NDArray[np.bool_], size: int) -> NDArray[np.bool_]:
    """Whether any flag is set in each group."""
    return sum_by(group, flags, size) > 0
