"""The pace of an account: how long since the last answer or conversation, the usual gap, mails of late, meetings ahead."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from graphmap.scoring.formula import DAY_MS, Formula
from graphmap.scoring.ties import NEVER, TieLog
from graphmap.scoring.touches import KIND_CODES, OUT, decode


@dataclass(frozen=True, slots=True)
class Pace:
    """Days (float) and counts of one account at T; None where there never was a two-way touch or only one."""

    two_way_days: float | None
    median_gap_days: float | None
    future_meeting: bool
    recent_outbound: int


class Paces:
    """Answers the pace of one account after another; the codes are decoded once."""

    def __init__(self, log: TieLog, formula: Formula, as_of: int, window_days: float) -> None:
        self._log = log
        self._table = decode(log.codes, formula)
        self._formula = formula
        self._as_of = as_of
        self._window = window_days

    def of(self, account: int, last_two_way_at: int) -> Pace:
        """The pace of an account (index of the directory) whose last two-way touch is known (epoch ms or NEVER)."""
        log, table = self._log, self._table
        low, high = log.tie_range(account)
        rows = log.touches(low, high)
        at, code, interaction = rows.at, rows.code, rows.interaction
        past = (at <= self._as_of) & (self._as_of - at <= self._formula.look_back_days * DAY_MS)
        mails = table.kind[code] <= KIND_CODES["message"]
        recent = past & mails & (table.way[code] == OUT) & (self._as_of - at <= self._window * DAY_MS)
        times = np.unique(np.stack([at, interaction], axis=1)[past & table.two_way[code]], axis=0)[:, 0]
        gaps = np.diff(np.sort(times)) / DAY_MS
        return Pace(
            two_way_days=None if last_two_way_at == NEVER else (self._as_of - last_two_way_at) / DAY_MS,
            median_gap_days=float(np.median(gaps)) if len(gaps) else None,
            future_meeting=bool(np.any((at > self._as_of) & (table.kind[code] == KIND_CODES["meeting"]))),
            recent_outbound=len(np.unique(interaction[recent])),
        )
