"""A portfolio in shards of whole accounts is the portfolio in one piece, bit for bit, however it is cut."""

from __future__ import annotations

from dataclasses import fields
from itertools import pairwise
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from graphmap.scoring.formula import Formula
from graphmap.scoring.portfolio import Scores, baseline_of, score
from graphmap.scoring.shard import (
    TABLES,
    baseline_of_shards,
    joined,
    joined_sums,
    score_shard,
    shard_bounds,
    shard_of,
    sum_shard,
)
from graphmap.scoring.ties import TieSums, sum_ties
from tests.scoring.worlds import World, kernel, worlds


def assert_equal_bits(one: Any, other: Any) -> None:
    """Every column of two tables has the same type, shape and bits."""
    for field in fields(one):
        left, right = getattr(one, field.name), getattr(other, field.name)
        if isinstance(one, Scores) and field.name in TABLES:
            assert_equal_bits(left, right)
        elif isinstance(left, np.ndarray):
            assert (left.dtype, left.shape) == (right.dtype, right.shape), field.name
            assert left.tobytes() == right.tobytes(), field.name
        else:
            assert left == right, field.name


@settings(max_examples=150)
@given(worlds(newest=1), st.integers(1, 6), st.data())
def test_any_cut_into_whole_accounts_gives_the_same_bits(
    world: World, count: int, data: st.DataObject
) -> None:
    answer, formula = kernel(world), Formula()
    log, directory = answer.log, answer.directory
    firms = len(directory.firm_ids)
    drawn = data.draw(st.lists(st.integers(1, max(firms - 1, 1)), max_size=count)) if firms > 1 else []
    for bounds in (shard_bounds(log, firms, count), tuple(sorted({0, *drawn, firms}))):
        sums = sum_ties(log, formula, world.t)
        baseline = baseline_of(log, sums, directory, formula, world.t)
        parts = [(shard_of(log, low, high), low, high) for low, high in pairwise(bounds)]
        summed = [sum_shard(part, directory, formula, world.t) for part, _, _ in parts]
        assert baseline_of_shards(summed) == baseline
        scores = [
            score_shard(part, found.sums, directory, formula, world.t, baseline, low, high)
            for (part, low, high), found in zip(parts, summed, strict=True)
        ]
        assert_equal_bits(joined(scores), score(log, sums, directory, formula, world.t, baseline))
        together: TieSums = joined_sums([found.sums for found in summed])
        assert_equal_bits(together, sums)


@given(worlds(newest=1), st.integers(1, 9))
def test_bounds_cover_every_firm_once(world: World, count: int) -> None:
    answer = kernel(world)
    firms = len(answer.directory.firm_ids)
    bounds = shard_bounds(answer.log, firms, count)
    assert (bounds[0], bounds[-1]) == (0, firms)
    assert len(bounds) <= count + 1
    assert list(bounds) == sorted(set(bounds))
