"""Touches that came or went since everything was clustered: only the ties concerned are sorted and summed again.

The result is what clustering and summing everything would give, to the last bit (tested).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from graphmap.scoring.formula import DAY_MS, Formula
from graphmap.scoring.ties import LandmarkSums, TieLog, by_tie_and_time, code_type, sums_of
from graphmap.scoring.touches import Touches

Ints = NDArray[np.int64]
Indexes = NDArray[np.int32]

LATE_SHARE = 0.25
"""Once so many of all touches are late ones, clustering everything again is worth its time."""

RankById = Callable[[Indexes], Indexes]
"""The places of interactions (by number, each once) in the order of their ids."""


@dataclass(frozen=True)
class Renewed:
    """A log brought up to date. ``inserted`` (new ties,) where in the former log each new tie was put in, as ``np.insert``
    takes it; ``changed`` (sorted) the ties of ``log`` whose touches are others than before.
    """

    log: TieLog
    inserted: Ints
    changed: Ints


def renewed(
    log: TieLog,
    added: Touches,
    added_at: Ints,
    gone: Ints,
    rank_by_id: RankById,
    people: int,
    firms: int,
) -> Renewed | None:
    """The log with ``added`` touches (times ``added_at``) and without those of the interactions ``gone``.

    None where everything has to be clustered again: too much is late, a tie lost all its touches, or keys do not fit.
    """
    span = people + 2
    if (firms + 1) * span * span >= 2**63:
        return None
    keys = _keys(log.account, log.rep, log.contact, span)
    added_keys = _keys(added.account, added.rep, added.contact, span)
    wanted = np.unique(added_keys)
    place = np.searchsorted(keys, wanted)
    there = keys[np.minimum(place, len(keys) - 1)] == wanted if len(keys) else np.zeros(len(wanted), np.bool_)
    fresh, inserted = wanted[~there], place[~there]
    touched = np.union1d(place[there], _ties_of(log, gone))
    base = len(log.at)
    again = np.union1d(touched, np.flatnonzero(log.start >= base))

    # Where the ties of the former log stand now: moved by the new ones before them.
    now = again + np.searchsorted(inserted, again, side="right")
    all_keys = np.insert(keys, inserted, fresh)
    rows = log.touches_of(again)
    tie = np.repeat(now, log.stop[again] - log.start[again])
    stays = ~np.isin(rows.interaction, gone)
    codes, added_code = _coded(log.codes, added.code)
    tie = np.concatenate([tie[stays], np.searchsorted(all_keys, added_keys)])
    at = np.concatenate([rows.at[stays], added_at])
    code = np.concatenate([rows.code[stays], added_code])
    interaction = np.concatenate([rows.interaction[stays], added.interaction])
    if len(at) > LATE_SHARE * max(base, 1):
        return None
    order = _order(tie, at, interaction, rank_by_id)
    tie, at, code, interaction = tie[order], at[order], code[order], interaction[order]
    first = np.flatnonzero(np.diff(tie, prepend=-1))
    late = tie[first]
    if len(late) != len(again) + len(fresh):
        return None
    start, stop = np.insert(log.start, inserted, 0), np.insert(log.stop, inserted, 0)
    start[late], stop[late] = base + first, base + np.append(first[1:], len(tie))
    account, rep, contact = _parts(fresh, span)
    changed = np.union1d(
        touched + np.searchsorted(inserted, touched, side="right"), np.searchsorted(all_keys, fresh)
    )
    grown = replace(
        log,
        account=np.insert(log.account, inserted, account),
        rep=np.insert(log.rep, inserted, rep),
        contact=np.insert(log.contact, inserted, contact),
        start=start,
        stop=stop,
        codes=codes,
        late_at=at,
        late_code=code.astype(code_type(len(codes))),
        late_interaction=interaction.astype(np.int32),
    )
    return Renewed(grown, inserted, changed.astype(np.int64))


def renewed_sums(
    kept: LandmarkSums, renewed: Renewed, firm_rep: int, formula: Formula, as_of: int
) -> LandmarkSums:
    """The sums of the log at ``as_of``, from those of the former log at an earlier T under the same formula.

    Summed again are the ties whose touches changed, those of which a touch leaves the look-back or is no longer ahead, and,
    because the firm's own touches share one credit at an account, all of the firm's ties beside such a one.
    """
    log = renewed.log
    moved = LandmarkSums(
        *(np.insert(getattr(kept, f.name), renewed.inserted, 0, axis=0) for f in fields(LandmarkSums))
    )
    oldest = as_of - formula.look_back_days * DAY_MS
    due = (moved.next_at <= as_of) | ((moved.interactions > 0) & (moved.first_at < oldest))
    due[renewed.changed] = True
    firms = log.rep == firm_rep
    here = np.zeros(int(log.account[-1]) + 1 if len(log.account) else 0, dtype=np.bool_)
    here[log.account[due & firms]] = True
    ties = np.flatnonzero(due | (firms & here[log.account]))
    part = sums_of(log, ties, formula, as_of)
    for f in fields(LandmarkSums):
        getattr(moved, f.name)[ties] = getattr(part, f.name)
    return moved


def _keys(account: Indexes, rep: Indexes, contact: Indexes, span: int) -> Ints:
    return (account.astype(np.int64) * span + rep) * span + contact


def _parts(keys: Ints, span: int) -> tuple[Indexes, Indexes, Indexes]:
    pair, contact = np.divmod(keys, span)
    account, rep = np.divmod(pair, span)
    return account.astype(np.int32), rep.astype(np.int32), contact.astype(np.int32)


def _ties_of(log: TieLog, interactions: Ints) -> Ints:
    """The ties that have a touch of these interactions."""
    if not len(interactions):
        return np.zeros(0, dtype=np.int64)
    flags = np.zeros(
        1 + max(int(part.max(initial=0)) for part in (interactions, log.interaction, log.late_interaction)),
        dtype=np.bool_,
    )
    flags[interactions] = True
    rows = np.concatenate(
        [np.flatnonzero(flags[log.interaction]), len(log.at) + np.flatnonzero(flags[log.late_interaction])]
    )
    order = np.argsort(log.start, kind="stable")
    before = np.searchsorted(log.start[order], rows, side="right") - 1
    # What a late tie had before lies unused behind another tie's touches, or before them all.
    rows, found = rows[before >= 0], order[before[before >= 0]]
    return np.unique(found[rows < log.stop[found]])


def _coded(codes: Ints, packed: Ints) -> tuple[Ints, NDArray[np.int64]]:
    """The table with the packed codes that are new to it behind, and the index of each packed code."""
    unique, inverse = np.unique(packed, return_inverse=True)
    grown = np.append(codes, np.setdiff1d(unique, codes))
    sorter = np.argsort(grown)
    return grown, sorter[np.searchsorted(grown, unique, sorter=sorter)][inverse]


def _order(tie: Ints, at: Ints, interaction: Indexes, rank_by_id: RankById) -> Ints:
    """By (tie, time, id); ids are only looked up for touches of one tie at one time."""
    order = by_tie_and_time(tie, at, np.zeros(len(tie), dtype=np.int32))
    same = (np.diff(tie[order]) == 0) & (np.diff(at[order]) == 0)
    if not same.any():
        return order
    doubtful = np.zeros(len(tie), dtype=np.bool_)
    doubtful[order[:-1][same]] = doubtful[order[1:][same]] = True
    numbers, inverse = np.unique(interaction[doubtful], return_inverse=True)
    rank = np.zeros(len(tie), dtype=np.int32)
    rank[doubtful] = rank_by_id(numbers)[inverse]
    return by_tie_and_time(tie, at, rank)
