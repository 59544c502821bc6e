"""Some whole accounts scored by themselves: the unit of work of every engine, equal bit for bit to the portfolio in one piece.

Every number of an account comes from its own ties but one: the baseline s0, a median over all contacts. So a portfolio is scored in
two passes: ``sum_shard`` on every shard, ``baseline_of_shards`` over what they say, ``score_shard`` on every shard, ``joined``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from graphmap.scoring.directory import Directory
from graphmap.scoring.formula import Formula
from graphmap.scoring.portfolio import (
    ContactTable,
    RepTable,
    Scores,
    TieTable,
    baseline_from,
    positive_strengths,
    score,
)
from graphmap.scoring.ties import TieLog, TieSums, sum_ties

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class ShardSums:
    """The sums of a shard's ties; ``strengths`` S_c > 0 of its contacts, in any order; ``firm_acts``: FIRM has a tie there."""

    sums: TieSums
    strengths: Floats
    firm_acts: bool


def shard_bounds(log: TieLog, firms: int, count: int) -> tuple[int, ...]:
    """Bounds b_0 = 0 < ... < b_n = firms of at most ``count`` ranges of firm indexes with about as many touches each.

    Shard k holds the ties of the firms b_k to b_(k+1) - 1; an account never lies in two.
    """
    touches = np.bincount(log.account, log.stop - log.start, minlength=firms)
    upto = np.cumsum(touches)
    whole = float(upto[-1]) if firms else 0.0
    inner = np.searchsorted(upto, [whole * k / count for k in range(1, count)], side="left") + 1
    return tuple(sorted({0, *(int(b) for b in inner if 0 < b < firms), firms}))


def shard_of(log: TieLog, low: int, high: int) -> TieLog:
    """The ties of the firms ``low`` to ``high`` - 1 with their touches alone."""
    first, last = (int(np.searchsorted(log.account, bound, side="left")) for bound in (low, high))
    rows = log.touches(first, last)
    size = log.stop[first:last] - log.start[first:last]
    return TieLog(
        account=log.account[first:last],
        rep=log.rep[first:last],
        contact=log.contact[first:last],
        start=rows.starts,
        stop=rows.starts + size,
        at=rows.at,
        code=rows.code,
        interaction=rows.interaction,
        codes=log.codes,
        late_at=log.late_at[:0],
        late_code=log.late_code[:0],
        late_interaction=log.late_interaction[:0],
    )


def sum_shard(log: TieLog, directory: Directory, formula: Formula, as_of: int) -> ShardSums:
    """The first pass over a shard: its ties' sums at ``as_of`` (epoch ms), and what the baseline needs of it."""
    sums = sum_ties(log, formula, as_of)
    strengths = positive_strengths(log, sums, directory, formula, as_of)
    return ShardSums(sums, strengths, bool(np.any((log.rep == directory.firm_rep) & (sums.interactions > 0))))


def baseline_of_shards(shards: Sequence[ShardSums]) -> float | None:
    """s0 of the whole portfolio; the same bits as ``portfolio.baseline_of``, as a median does not ask for the order."""
    strengths = np.concatenate([shard.strengths for shard in shards]) if shards else np.zeros(0)
    return baseline_from(strengths, firm_acts=any(shard.firm_acts for shard in shards))


def score_shard(
    log: TieLog,
    sums: TieSums,
    directory: Directory,
    formula: Formula,
    as_of: int,
    baseline: float | None,
    low: int,
    high: int,
) -> Scores:
    """The numbers of the accounts among the firms ``low`` to ``high`` - 1 from the ties of those firms alone.

    Pure: arrays in, arrays out, nothing read or written, no state; so it runs as well in a process, a Dask worker or, behind
    ``graphmap.engines.batches``, in Spark's ``mapInArrow``.
    """
    whole = score(log, sums, directory, formula, as_of, baseline)
    rows = slice(*np.searchsorted(whole.accounts, [low, high]).tolist())
    return replace(whole, **{name: getattr(whole, name)[rows] for name in PER_ACCOUNT})


TABLES = ("ties", "reps", "contacts")
PER_ACCOUNT: tuple[str, ...] = tuple(f.name for f in fields(Scores) if f.name not in (*TABLES, "baseline"))
"""The columns of ``Scores`` with one value per account."""


def joined(shards: Sequence[Scores]) -> Scores:
    """The numbers of neighbouring shards as one; at least one."""
    reps = np.cumsum([0, *(len(shard.reps.rep) for shard in shards)])
    contacts = np.cumsum([0, *(len(shard.contacts.contact) for shard in shards)])
    ties = {
        f.name: np.concatenate([getattr(shard.ties, f.name) for shard in shards])
        for f in fields(TieTable)
        if not f.name.endswith("_slot")
    }
    ties["rep_slot"] = _moved([shard.ties.rep_slot for shard in shards], reps)
    ties["contact_slot"] = _moved([shard.ties.contact_slot for shard in shards], contacts)
    return replace(
        shards[0],
        **{name: _side_by_side([getattr(shard, name) for shard in shards]) for name in PER_ACCOUNT},
        ties=TieTable(**ties),
        reps=RepTable(
            **{f.name: np.concatenate([getattr(s.reps, f.name) for s in shards]) for f in fields(RepTable)}
        ),
        contacts=ContactTable(
            **{
                f.name: np.concatenate([getattr(s.contacts, f.name) for s in shards])
                for f in fields(ContactTable)
            }
        ),
    )


def joined_sums(shards: Sequence[TieSums]) -> TieSums:
    """The sums of neighbouring shards as one; at least one."""
    return TieSums(
        **{f.name: np.concatenate([getattr(shard, f.name) for shard in shards]) for f in fields(TieSums)}
    )


def _side_by_side(parts: list[NDArray[np.float64] | tuple[object, ...]]) -> object:
    first = parts[0]
    if isinstance(first, tuple):
        return tuple(value for part in parts for value in part)
    return np.concatenate([np.asarray(part) for part in parts])


def _moved(slots: list[NDArray[np.int32]], by: Ints) -> NDArray[np.int32]:
    return np.concatenate(
        [slot + np.int32(shift) for slot, shift in zip(slots, by[:-1], strict=True)]
    ).astype(np.int32)
