"""Two Dask workers say what one process says, to the last bit."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from graphmap.engines.daskengine import Workers, spread
from graphmap.engines.shardfiles import read_shard
from graphmap.research.accounts import make_accounts
from graphmap.research.candidates import tie_log
from graphmap.research.habits import make_habits
from graphmap.research.interactions import NOW, directory_of_world, record
from graphmap.research.worlds import TABLE
from graphmap.scoring.formula import Formula
from graphmap.scoring.portfolio import baseline_of, score
from graphmap.scoring.ties import sum_ties
from tests.scoring.test_shard import assert_equal_bits


def test_two_workers_give_the_bits_of_one_process() -> None:
    dice = np.random.default_rng(4)
    accounts = make_accounts(TABLE["base"], 300, dice)
    directory, formula = directory_of_world(accounts), Formula()
    log = tie_log(record(TABLE["base"], accounts, make_habits(accounts, dice), dice), directory, formula)
    sums = sum_ties(log, formula, NOW)
    baseline = baseline_of(log, sums, directory, formula, NOW)
    with spread(log, directory, formula, NOW, Workers(count=2)) as portfolio:
        assert len(portfolio.peaks()) == 2
        assert portfolio.baseline == baseline
        assert_equal_bits(portfolio.tie_sums, sums)
        found = portfolio.score(formula, NOW, baseline)
    assert_equal_bits(found, score(log, sums, directory, formula, NOW, baseline))


def test_a_folder_without_a_whole_shard_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="no whole shard"):
        read_shard(tmp_path)
