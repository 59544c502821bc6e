"""Touches, sorted and decayed: what every tie is worth at an instant T.

Credits are summed against a fixed landmark L, ``sum q 2^((t - L)/h)``, and scaled once by ``2^(-(T - L)/h)`` (forward decay,
Cormode et al., ICDE 2009), so the sum of a tie whose touches did not change is the same to the last bit at any later T.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from graphmap.scoring.formula import DAY_MS, Formula
from graphmap.scoring.grouping import sum_by
from graphmap.scoring.touches import IN, MUTUAL, OUT, CodeTable, Touches, decode

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
class TouchRows:
    """Touches of some ties, tie after tie, each by (time, interaction id).

    ``at`` epoch ms, ``code`` index into ``TieLog.codes``, ``interaction`` its number; ``starts`` (ties,) where each tie begins.
    """

    at: Ints
    code: NDArray[np.unsignedinteger]
    interaction: Indexes
    starts: Ints


@dataclass(frozen=True)
class TieLog:
    """All touches clustered by tie. Ties are sorted by (account, rep, contact), touches of a tie by (time, interaction id).

    ``account``, ``rep``, ``contact`` (ties,) indexes of the directory; ``start``, ``stop`` (ties,) which touches each tie has;
    ``at`` (touches,) epoch ms; ``code`` (touches,) index into ``codes`` (packed, see touches); ``interaction`` (touches,) numbers.
    Ties that got touches since everything was clustered have all of theirs in the ``late_`` arrays: a position from
    ``len(at)`` on counts there, and what such a tie had before stays behind unused.
    """

    account: Indexes
    rep: Indexes
    contact: Indexes
    start: Ints
    stop: Ints
    at: Ints
    code: NDArray[np.unsignedinteger]
    interaction: Indexes
    codes: Ints
    late_at: Ints
    late_code: NDArray[np.unsignedinteger]
    late_interaction: Indexes

    def tie_range(self, account: int) -> tuple[int, int]:
        """The first tie of an account and the one after its last."""
        low = int(np.searchsorted(self.account, account, side="left"))
        return low, int(np.searchsorted(self.account, account, side="right"))

    def touches(self, low: int, high: int) -> TouchRows:
        """The touches of the ties low..high-1; a view where they lie side by side, else a copy."""
        start, stop = self.start[low:high], self.stop[low:high]
        if low >= high:
            return TouchRows(self.at[:0], self.code[:0], self.interaction[:0], start)
        if stop[-1] <= len(self.at) and np.array_equal(stop[:-1], start[1:]):
            rows = slice(int(start[0]), int(stop[-1]))
            return TouchRows(self.at[rows], self.code[rows], self.interaction[rows], start - start[0])
        return self.touches_of(np.arange(low, high))

    def of_accounts(self, accounts: Iterable[int]) -> TieLog:
        """The ties of some accounts alone, over the same touches."""
        chosen = np.flatnonzero(np.isin(self.account, np.fromiter(accounts, dtype=np.int64)))
        return replace(
            self,
            account=self.account[chosen],
            rep=self.rep[chosen],
            contact=self.contact[chosen],
            start=self.start[chosen],
            stop=self.stop[chosen],
        )

    def touches_of(self, ties: Ints) -> TouchRows:
        """The touches of any ties, in the order given."""
        sizes = self.stop[ties] - self.start[ties]
        starts = np.cumsum(sizes) - sizes
        rows = np.arange(int(sizes.sum())) + np.repeat(self.start[ties] - starts, sizes)
        late = rows >= len(self.at)
        if not late.any():
            return TouchRows(self.at[rows], self.code[rows], self.interaction[rows], starts)
        here, there = rows[~late], rows[late] - len(self.at)
        at = np.empty(len(rows), dtype=self.at.dtype)
        code = np.empty(len(rows), dtype=np.result_type(self.code, self.late_code))
        interaction = np.empty(len(rows), dtype=self.interaction.dtype)
        for column, base, added in (
            (at, self.at, self.late_at),
            (code, self.code, self.late_code),
            (interaction, self.interaction, self.late_interaction),
        ):
            column[~late], column[late] = base[here], added[there]
        return TouchRows(at, code, interaction, starts)


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


@dataclass(frozen=True)
class LandmarkSums:
    """What counts of each tie at T as sums against the landmark: bits that stay while a tie's touches and T's window stay.

    ``ways`` (ties, 3) credits in, out, mutual; ``squares`` of weekly credits; the rest as in TieSums; ``next_at`` the first
    touch after T (epoch ms, or a time that never comes).
    """

    ways: Floats
    squares: Floats
    plain: Floats
    interactions: Ints
    first_at: Ints
    last_at: Ints
    two_way_at: Ints
    next_at: Ints

    def scaled(self, formula: Formula, as_of: int) -> TieSums:
        """The sums as they are worth at T."""
        rate = 1.0 / (formula.half_life_days * DAY_MS)
        scale = float(np.exp2((LANDMARK_MS - as_of) * rate))
        inbound, outbound, other = (self.ways[:, way] * scale for way in (IN, OUT, MUTUAL))
        return TieSums(
            inbound=inbound,
            outbound=outbound,
            other=other,
            total=inbound + outbound + other,
            squares=self.squares * (scale * scale),
            plain=self.plain,
            interactions=self.interactions,
            first_at=self.first_at,
            last_at=self.last_at,
            two_way_at=self.two_way_at,
        )


def cluster(touches: Touches, at: Ints, rank: Indexes, people: int, firms: int) -> TieLog:
    """Sorts touches into ties. ``people`` + 1 bounds reps and contacts.

    ``at``, ``rank`` (interactions,): time of each interaction, and its place among those of the same time by id.
    """
    span = people + 2
    if (firms + 1) * span * span < 2**63:
        key = (touches.account.astype(np.int64) * span + touches.rep) * span + touches.contact
        _, tie = np.unique(key, return_inverse=True)
    else:
        columns = np.stack([touches.account, touches.rep, touches.contact], axis=1)
        _, tie = np.unique(columns, axis=0, return_inverse=True)
    order = by_tie_and_time(tie, at[touches.interaction], rank[touches.interaction])
    tie = tie[order]
    first = np.flatnonzero(np.diff(tie, prepend=-1))
    codes, code = np.unique(touches.code, return_inverse=True)
    small = code_type(len(codes))
    interaction = touches.interaction[order]
    bounds = np.append(first, len(tie)).astype(np.int64)
    return TieLog(
        account=touches.account[order][first],
        rep=touches.rep[order][first],
        contact=touches.contact[order][first],
        start=bounds[:-1],
        stop=bounds[1:],
        at=at[interaction],
        code=code[order].astype(small),
        interaction=interaction,
        codes=codes,
        late_at=np.zeros(0, dtype=np.int64),
        late_code=np.zeros(0, dtype=small),
        late_interaction=np.zeros(0, dtype=np.int32),
    )


def code_type(codes: int) -> type[np.unsignedinteger]:
    """The smallest type that indexes so many codes."""
    return np.uint16 if codes < 2**16 else np.uint32


def by_tie_and_time(tie: Ints, at: Ints, rank: Indexes) -> Ints:
    """The order by (tie, time, rank); arrays of equal shape. One key of 64 bits where that fits, which is far faster."""
    if not len(tie):
        return np.zeros(0, dtype=np.int64)
    low, ranks = int(at.min()), int(rank.max()) + 1
    span = int(at.max()) - low + 1
    if (int(tie.max()) + 1) * span * ranks < 2**63:
        return np.argsort((tie.astype(np.int64) * span + (at - low)) * ranks + rank, kind="stable")
    return np.lexsort((rank, at, tie))


def sum_ties(log: TieLog, formula: Formula, as_of: int, *, block: int = 1 << 19) -> TieSums:
    """Decays and sums the touches of every tie at ``as_of`` (epoch ms)."""
    return landmark_sums(log, formula, as_of, block=block).scaled(formula, as_of)


def landmark_sums(log: TieLog, formula: Formula, as_of: int, *, block: int = 1 << 19) -> LandmarkSums:
    """The sums of every tie, in blocks of whole accounts to bound the memory."""
    table = decode(log.codes, formula)
    # Filled block by block: collecting blocks and joining them would need the memory twice.
    whole = no_sums(len(log.account))
    for low, high in _blocks(log, block):
        part = _sum(log.touches(low, high), log.account[low:high], table, formula, as_of)
        for f in fields(LandmarkSums):
            getattr(whole, f.name)[low:high] = getattr(part, f.name)
    return whole


def no_sums(ties: int) -> LandmarkSums:
    """Room for the sums of so many ties."""
    zero, none = np.zeros(ties), np.zeros(ties, dtype=np.int64)
    return LandmarkSums(
        np.zeros((ties, 3)), zero, zero.copy(), none, none.copy(), none.copy(), none.copy(), none.copy()
    )


def sums_of(log: TieLog, ties: Ints, formula: Formula, as_of: int) -> LandmarkSums:
    """The sums of some ties (sorted). Of an account either all or none of the firm's own ties must be among them."""
    return _sum(log.touches_of(ties), log.account[ties], decode(log.codes, formula), formula, as_of)


def _blocks(log: TieLog, size: int) -> Iterator[tuple[int, int]]:
    ties = len(log.account)
    if not ties:
        return
    bounds = np.append(np.flatnonzero(np.diff(log.account, prepend=-1)), ties)
    reached = np.cumsum(log.stop - log.start)[bounds[1:] - 1].tolist()
    low, done = 0, 0
    for bound, touches in zip(bounds[1:].tolist(), reached, strict=True):
        if touches - done >= size or bound == ties:
            yield low, bound
            low, done = bound, touches


def _sum(rows: TouchRows, account: Indexes, table: CodeTable, formula: Formula, as_of: int) -> LandmarkSums:
    at, code, starts = rows.at, rows.code, rows.starts
    ties = len(starts)
    if not ties:
        return no_sums(0)
    tie = np.repeat(np.arange(ties), np.diff(np.append(starts, len(at))))
    week = (at + _MONDAY_MS) // _WEEK_MS
    counts = (at <= as_of) & (as_of - at <= formula.look_back_days * DAY_MS)
    plain = table.plain[code]
    alone = np.flatnonzero(table.alone[code] & counts)
    if len(alone):
        capped = ~_first_of_week(tie[alone], week[alone])
        counts[alone[capped]] = False
        kept = alone[~capped]
        shared = kept[table.mine[code[kept]] > 1]
        plain[shared] = 1.0 / _group_sizes(account[tie[shared]], rows.interaction[shared])
    rate = 1.0 / (formula.half_life_days * DAY_MS)
    credit: Floats = table.credit[code] * np.exp2(np.where(counts, at - LANDMARK_MS, 0) * rate)
    credit *= counts
    plain *= counts
    fresh = np.diff(week, prepend=-(2**40)) != 0
    fresh[starts] = True
    weeks = np.flatnonzero(fresh)
    weekly = np.add.reduceat(credit, weeks)
    when = np.where(counts, at, NEVER)
    return LandmarkSums(
        ways=sum_by(tie * 3 + table.way[code], credit, 3 * ties).reshape(ties, 3),
        squares=sum_by(tie[weeks], weekly * weekly, ties),
        plain=sum_by(tie, plain, ties),
        interactions=sum_by(tie, counts, ties).astype(np.int64),
        first_at=-np.maximum.reduceat(np.where(counts, -at, NEVER), starts),
        last_at=np.maximum.reduceat(when, starts),
        two_way_at=np.maximum.reduceat(np.where(table.two_way[code], when, NEVER), starts),
        next_at=-np.maximum.reduceat(np.where(at > as_of, -at, NEVER), starts),
    )


def _first_of_week(tie: Ints, week: Ints) -> NDArray[np.bool_]:
    """The weekly cap: of the firm's lone touches only the first of a contact in an ISO week counts."""
    return (np.diff(tie, prepend=-1) != 0) | (np.diff(week, prepend=-(2**40)) != 0)


def _group_sizes(account: Indexes, interaction: Indexes) -> Floats:
    key = (account.astype(np.int64) << 32) | interaction
    _, inverse, sizes = np.unique(key, return_inverse=True, return_counts=True)
    return sizes[inverse].astype(np.float64) if len(key) else np.zeros(0)
