"""Arrow batches of whole accounts, in any order of rows: the frame of the whole portfolio, as Spark's mapInArrow would make it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from graphmap.engines.batches import TOUCH_SCHEMA, score_batches
from graphmap.scoring.formula import Formula
from graphmap.scoring.frames import account_frame
from graphmap.scoring.portfolio import score
from graphmap.scoring.ties import sum_ties
from tests.scoring.worlds import Answer, World, kernel, worlds


def batch_of(answer: Answer, order: list[int]) -> pa.RecordBatch:
    """All touches of an answer's log as one batch, rows in the order given."""
    log = answer.log
    rows = log.touches_of(np.arange(len(log.account)))
    size = log.stop - log.start
    columns = {
        "account": np.repeat(log.account, size), "rep": np.repeat(log.rep, size), "contact": np.repeat(log.contact, size),
        "interaction": rows.interaction, "code": log.codes[rows.code], "at": rows.at,
    }  # fmt: skip
    return pa.record_batch(
        [pa.array(columns[f.name][order], f.type) for f in TOUCH_SCHEMA], schema=TOUCH_SCHEMA
    )


@settings(max_examples=80)
@given(worlds(newest=1), st.randoms(use_true_random=False))
def test_two_partitions_make_the_frame_of_the_whole(world: World, dice) -> None:  # type: ignore[no-untyped-def]
    answer, formula = kernel(world), Formula()
    log, directory = answer.log, answer.directory
    scores = score(log, sum_ties(log, formula, world.t), directory, formula, world.t, 0.5)
    whole = account_frame(scores, directory)
    order = list(range(len(log.at)))
    dice.shuffle(order)
    batch = batch_of(answer, order)
    odd = np.asarray(batch["account"]) % 2 == 1
    found: list[pd.DataFrame] = []
    for rows in (odd, ~odd):
        part = batch.filter(pa.array(rows))
        halves = [part.slice(0, len(part) // 2), part.slice(len(part) // 2)]
        for out in score_batches(halves, directory, formula, world.t, 0.5):
            found.append(out.to_pandas().set_index("account"))
    here = whole[np.isin(scores.accounts, log.account)]
    if not found:
        assert here.empty
        return
    together = pd.concat(found).sort_index()
    for column in here.columns:
        left, right = here[column].sort_index(), together[column]
        known = left.notna().to_numpy()
        assert (known == right.notna().to_numpy()).all(), column
        assert left[known].tolist() == right[known].tolist(), column
