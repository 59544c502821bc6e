"""How ready an account is for its top rep to hand over: how much of their share others could carry on, and who."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graphmap.scoring.grouping import any_by, sum_by
from graphmap.scoring.portfolio import Scores
from graphmap.scoring.ties import NEVER, TieLog, TieSums

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Indexes = NDArray[np.int32]


@dataclass(frozen=True)
class Readiness:
    """Arrays of shape (accounts,): ``share`` H 0-1 (NaN without a top rep), ``successor`` index or -1, ``two_way_at`` epoch ms.

    ``two_way_at``: the successor's last two-way touch with the account, NEVER without one.
    """

    share: Floats
    successor: Indexes
    two_way_at: Ints


def readiness(log: TieLog, sums: TieSums, scores: Scores, baseline: float | None) -> Readiness:
    """``H = sum omega_c p_r*c [somebody else has an active tie with c] / sum omega_c p_r*c``, ``p = s / (S_c + s0)``.

    The successor is whoever has the largest such sum alone (of equal ones the smaller index).
    """
    n = len(scores.accounts)
    slot = np.full(
        int(max(log.account.max(initial=0), scores.accounts.max(initial=0))) + 2, -1, dtype=np.int32
    )
    slot[scores.accounts] = np.arange(n)
    ties, contacts = scores.ties, scores.contacts
    account = slot[log.account]
    listed = account >= 0
    top = np.where(listed, scores.top_rep[np.maximum(account, 0)], -1)
    base = contacts.strength[ties.contact_slot] + (baseline or 0.0)
    term = np.zeros(len(log.rep))
    mine = listed & ties.kept & ties.named & (log.rep == top) & (base > 0)
    term[mine] = contacts.vote[ties.contact_slot[mine]] * ties.strength[mine] / base[mine]
    by_contact = sum_by(ties.contact_slot, term, len(contacts.contact))
    others = ties.active & listed & (log.rep != top)
    covered = any_by(ties.contact_slot, others, len(contacts.contact))
    whole = sum_by(slot[contacts.account], by_contact * (slot[contacts.account] >= 0), n)
    kept = sum_by(slot[contacts.account], by_contact * covered * (slot[contacts.account] >= 0), n)
    share = np.divide(kept, whole, out=np.full(n, np.nan), where=whole > 0)
    reps = scores.reps
    held = sum_by(ties.rep_slot, by_contact[ties.contact_slot] * others, len(reps.rep))
    rows = np.flatnonzero(held > 0)
    order = rows[np.lexsort((reps.rep[rows], -held[rows], reps.account[rows]))]
    first = np.diff(reps.account[order], prepend=-1) != 0
    best = order[first]
    successor, last = np.full(n, -1, dtype=np.int32), np.full(n, NEVER, dtype=np.int64)
    successor[slot[reps.account[best]]] = reps.rep[best]
    touched = np.full(len(reps.rep), NEVER, dtype=np.int64)
    np.maximum.at(touched, ties.rep_slot, sums.two_way_at)
    last[slot[reps.account[best]]] = touched[best]
    return Readiness(share, successor, last)
