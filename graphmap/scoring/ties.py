"""Touches, sorted and decayed: what every tie is worth at an instant T.

Credits are summed against a fixed landmark L, ``sum q 2^((t - L)/h)``, and scaled once by ``2^(-(T - L)/h)`` (forward decay,
Cormode et al., ICDE 2009), so the sum of a tie whose touches did not change is the same to the last bit at any later T.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from graphmap.scoring.formula import DAY_MS, Formula
from graphmap.scoring.grouping import sum_by
from graphmap.scoring.touches import MUTUAL, CodeTable, Touches, decode

LANDMARK_MS = 1_577_836_800_000
"""2020-01-01T00:00:00Z."""
NEVER = -(2**62)
_WEEK_MS = 7 * DAY_MS
_MONDAY_MS = 3 * DAY_MS
"""1970-01-01 was a Thursday: three days later in its ISO week than Monday."""

Ints = NDArray[np.int64]
Indexes = NDArray[np.int32]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class TieLog:
    """All touches clustered by tie. Ties are sorted by (account, rep, contact), touches of a tie by (time, interaction).

    ``account``, ``rep``, ``contact`` (ties,) indexes of the directory; ``start`` (ties + 1,) where each tie's touches begin;
    ``at`` (touches,) epoch ms; ``code`` (touches,) index into ``codes`` (packed, see touches); ``interaction`` (touches,).
    """

    account: Indexes
    rep: Indexes
    contact: Indexes
    start: Ints
    at: Ints
    code: NDArray[np.unsignedinteger]
    interaction: Indexes
    codes: Ints

    def tie_range(self, account: int) -> tuple[int, int]:
        """The first tie of an account and the one after its last."""
        low = int(np.searchsorted(self.account, account, side="left"))
        return low, int(np.searchsorted(self.account, account, side="right"))


@dataclass(frozen=True)
class TieSums:
    """What counts of each tie at T, arrays of shape (ties,).

    ``inbound``, ``outbound``, ``other`` = I, O, X; ``total`` = sum of credits, ``squares`` = sum over ISO weeks of squared
    credit (for n_eff); ``plain`` = sum over interactions of 1/(|R| x contacts); ``interactions`` how many; times epoch ms or NEVER.
    """

    inbound: Floats
    outbound: Floats
    other: Floats
    total: Floats
    squares: Floats
    plain: Floats
    interactions: Ints
    first_at: Ints
    last_at: Ints
    two_way_at: Ints


def cluster(touches: Touches, at: Ints, people: int, firms: int) -> TieLog:
    """Sorts touches into ties. ``at`` (interactions,) times of the interactions; ``people`` + 1 bounds reps and contacts."""
    span = people + 2
    if (firms + 1) * span * span < 2**63:
        key = (touches.account.astype(np.int64) * span + touches.rep) * span + touches.contact
        _, tie = np.unique(key, return_inverse=True)
    else:
        columns = np.stack([touches.account, touches.rep, touches.contact], axis=1)
        _, tie = np.unique(columns, axis=0, return_inverse=True)
    order = np.argsort((tie.astype(np.int64) << 32) | touches.interaction, kind="stable")
    tie = tie[order]
    first = np.flatnonzero(np.diff(tie, prepend=-1))
    codes, code = np.unique(touches.code, return_inverse=True)
    small = np.uint16 if len(codes) < 2**16 else np.uint32
    interaction = touches.interaction[order]
    return TieLog(
        account=touches.account[order][first],
        rep=touches.rep[order][first],
        contact=touches.contact[order][first],
        start=np.append(first, len(tie)).astype(np.int64),
        at=at[interaction],
        code=code[order].astype(small),
        interaction=interaction,
        codes=codes,
    )


def sum_ties(log: TieLog, formula: Formula, as_of: int, *, block: int = 1 << 19) -> TieSums:
    """Decays and sums the touches of every tie at ``as_of`` (epoch ms), in blocks of whole accounts to bound the memory."""
    table = decode(log.codes, formula)
    ties = len(log.account)
    # Filled block by block: collecting blocks and joining them would need the memory twice.
    zero, none = np.zeros(ties), np.zeros(ties, dtype=np.int64)
    whole = TieSums(
        inbound=zero,
        outbound=zero.copy(),
        other=zero.copy(),
        total=zero.copy(),
        squares=zero.copy(),
        plain=zero.copy(),
        interactions=none,
        first_at=none.copy(),
        last_at=none.copy(),
        two_way_at=none.copy(),
    )
    for low, high in _blocks(log, block):
        part = _sum_block(log, low, high, table, formula, as_of)
        for f in fields(TieSums):
            getattr(whole, f.name)[low:high] = getattr(part, f.name)
    return whole


def sum_account(log: TieLog, formula: Formula, as_of: int, account: int) -> TieSums:
    """``sum_ties`` of one account's ties only."""
    low, high = log.tie_range(account)
    return _sum_block(log, low, high, decode(log.codes, formula), formula, as_of)


def _blocks(log: TieLog, size: int) -> Iterator[tuple[int, int]]:
    ties = len(log.account)
    if not ties:
        return
    bounds = np.append(np.flatnonzero(np.diff(log.account, prepend=-1)), ties)
    low = 0
    for bound in bounds[1:].tolist():
        if log.start[bound] - log.start[low] >= size or bound == ties:
            yield low, bound
            low = bound


def _sum_block(log: TieLog, low: int, high: int, table: CodeTable, formula: Formula, as_of: int) -> TieSums:
    begin, stop = int(log.start[low]), int(log.start[high])
    at, code = log.at[begin:stop], log.code[begin:stop]
    starts = log.start[low:high] - begin
    ties = high - low
    tie = np.repeat(np.arange(ties), np.diff(np.append(starts, stop - begin)))
    week = (at + _MONDAY_MS) // _WEEK_MS
    counts = (at <= as_of) & (as_of - at <= formula.look_back_days * DAY_MS)
    plain = table.plain[code]
    alone = np.flatnonzero(table.alone[code] & counts)
    if len(alone):
        capped = ~_first_of_week(tie[alone], week[alone])
        counts[alone[capped]] = False
        kept = alone[~capped]
        shared = kept[table.mine[code[kept]] > 1]
        interaction = log.interaction[begin:stop][shared]
        plain[shared] = 1.0 / _group_sizes(log.account[low + tie[shared]], interaction)
    rate = 1.0 / (formula.half_life_days * DAY_MS)
    credit: Floats = table.credit[code] * np.exp2(np.where(counts, at - LANDMARK_MS, 0) * rate)
    credit *= counts
    plain *= counts
    scale = float(np.exp2((LANDMARK_MS - as_of) * rate))
    ways = sum_by(tie * 3 + table.way[code], credit, 3 * ties).reshape(ties, 3) * scale
    fresh = np.diff(week, prepend=-(2**40)) != 0
    fresh[starts] = True
    weeks = np.flatnonzero(fresh)
    weekly = np.add.reduceat(credit, weeks) * scale
    when = np.where(counts, at, NEVER)
    return TieSums(
        inbound=ways[:, 0],
        outbound=ways[:, 1],
        other=ways[:, MUTUAL],
        total=ways[:, 0] + ways[:, 1] + ways[:, MUTUAL],
        squares=sum_by(tie[weeks], weekly * weekly, ties),
        plain=sum_by(tie, plain, ties),
        interactions=sum_by(tie, counts, ties).astype(np.int64),
        first_at=-np.maximum.reduceat(np.where(counts, -at, NEVER), starts),
        last_at=np.maximum.reduceat(when, starts),
        two_way_at=np.maximum.reduceat(np.where(table.two_way[code], when, NEVER), starts),
    )


def _first_of_week(tie: Ints, week: Ints) -> NDArray[np.bool_]:
    """The weekly cap: of the firm's lone touches only the first of a contact in an ISO week counts."""
    return (np.diff(tie, prepend=-1) != 0) | (np.diff(week, prepend=-(2**40)) != 0)


def _group_sizes(account: Indexes, interaction: Indexes) -> Floats:
    key = (account.astype(np.int64) << 32) | interaction
    _, inverse, sizes = np.unique(key, return_inverse=True, return_counts=True)
    return sizes[inverse].astype(np.float64) if len(key) else np.zeros(0)
