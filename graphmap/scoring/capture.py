"""How much of an account's contact is captured: of our people there, whose mailbox or calendar is connected."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from graphmap.scoring.directory import ACCOUNT, Directory
from graphmap.scoring.findings import Capture
from graphmap.scoring.portfolio import OK, UNKNOWN, Scores
from graphmap.scoring.ties import TieLog, TieSums


@dataclass(frozen=True)
class Completeness:
    """Per account, in the order of the scores: ``reps`` of ours known there, ``connected`` of them with a mailbox or calendar.

    ``judges``: whether nothing but mailboxes and calendars brings interactions. Otherwise the counts are told and nothing is
    withheld: what people log in a CRM is there without their mailbox.
    """

    reps: NDArray[np.int64]
    connected: NDArray[np.int64]
    judges: bool

    def at(self, row: int) -> Capture | None:
        """What the finding ``not_captured`` looks at; None where nothing is to be judged by it."""
        return Capture(int(self.reps[row]), int(self.connected[row]), 0, 0) if self.judges else None

    def poor(self) -> NDArray[np.bool_]:
        """Where that is too little to judge; shape (accounts,)."""
        rows = (self.at(row) for row in range(len(self.reps)))
        return np.array([one is not None and one.poor() for one in rows], dtype=np.bool_)


def completeness(
    log: TieLog,
    sums: TieSums,
    directory: Directory,
    connected: NDArray[np.bool_],
    day: int,
    *,
    judges: bool,
) -> Completeness:
    """Counts our people with a tie at each account and its owner, without those who left, and who of them is connected.

    ``connected``: whether each person's mailbox or calendar is connected, shape (people,); ``day``: the UTC day of T, days since
    1970-01-01; ``judges`` as in Completeness.
    """
    accounts = np.flatnonzero(directory.firm_kind == ACCOUNT)
    owner = directory.owner[accounts]
    there = (sums.interactions > 0) & (log.rep != directory.firm_rep)
    pairs = np.unique(
        np.stack(
            [
                np.concatenate([log.account[there], accounts[owner >= 0]]).astype(np.int64),
                np.concatenate([log.rep[there], owner[owner >= 0]]).astype(np.int64),
            ],
            axis=1,
        ),
        axis=0,
    )
    pairs = pairs[~directory.rep_left(pairs[:, 1].astype(np.int32), day)]
    slot = np.full(len(directory.firm_ids), -1, dtype=np.int64)
    slot[accounts] = np.arange(len(accounts))
    rows = slot[pairs[:, 0]]
    known, linked = rows >= 0, connected[pairs[:, 1]]
    return Completeness(
        np.bincount(rows[known], minlength=len(accounts)),
        np.bincount(rows[known & linked], minlength=len(accounts)),
        judges,
    )


def withheld(scores: Scores, captured: Completeness | None) -> Scores:
    """The same numbers with the status unknown where too little is captured; its two cells are unknown as well."""
    if captured is None or not captured.judges:
        return scores
    blocked = (captured.poor() & (scores.status == OK)).tolist()
    return replace(
        scores,
        status=np.where(blocked, np.int8(UNKNOWN), scores.status).astype(np.int8),
        cell_ours=tuple("unknown" if b else c for b, c in zip(blocked, scores.cell_ours, strict=True)),
        cell_theirs=tuple("unknown" if b else c for b, c in zip(blocked, scores.cell_theirs, strict=True)),
    )
