"""Touches as Arrow record batches in, account numbers as record batches out: the shape of Spark's ``mapInArrow``.

A partition must hold whole accounts (``repartition`` by account); docs/scale.md shows the call.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import pyarrow as pa

from graphmap.scoring.directory import Directory
from graphmap.scoring.formula import Formula
from graphmap.scoring.frames import account_frame
from graphmap.scoring.shard import score_shard, sum_shard
from graphmap.scoring.ties import cluster
from graphmap.scoring.touches import Touches

TOUCH_SCHEMA = pa.schema(
    [
        ("account", pa.int32()), ("rep", pa.int32()), ("contact", pa.int32()), ("interaction", pa.int32()),
        ("code", pa.int64()), ("at", pa.int64()),
    ]
)  # fmt: skip
"""Indexes of the directory, the interaction's number (in the order of time and id), the packed code and epoch ms."""


def score_batches(
    batches: Iterable[pa.RecordBatch],
    directory: Directory,
    formula: Formula,
    as_of: int,
    baseline: float | None,
) -> Iterator[pa.RecordBatch]:
    """The account frame (``frames.ACCOUNT_COLUMNS`` and ``account``) of the accounts that have a touch in the batches.

    The batches together are one partition, in any order of rows; columns as TOUCH_SCHEMA. Nothing is yielded for an empty one.
    """
    table = pa.Table.from_batches(list(batches), TOUCH_SCHEMA)
    if not table.num_rows:
        return
    column = {name: np.asarray(table[name].combine_chunks()) for name in TOUCH_SCHEMA.names}
    numbers, interaction = np.unique(column["interaction"], return_inverse=True)
    at = np.zeros(len(numbers), dtype=np.int64)
    at[interaction] = column["at"]
    touches = Touches(
        account=column["account"],
        rep=column["rep"],
        contact=column["contact"],
        interaction=interaction.astype(np.int32),
        code=column["code"],
    )
    rank = np.arange(len(numbers), dtype=np.int32)
    log = cluster(touches, at, rank, len(directory.person_ids), len(directory.firm_ids))
    sums = sum_shard(log, directory, formula, as_of).sums
    low, high = int(log.account[0]), int(log.account[-1]) + 1
    scores = score_shard(log, sums, directory, formula, as_of, baseline, low, high)
    frame = account_frame(scores, directory)
    mine = np.isin(scores.accounts, log.account)
    yield pa.RecordBatch.from_pandas(frame[mine].reset_index(), preserve_index=False)
