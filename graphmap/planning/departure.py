"""What if these people leave: the same instant once more, with their affiliations closed (docs/number.md, "What if they leave")."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from graphmap.scoring.formula import DAY_MS
from graphmap.scoring.grouping import sum_by
from graphmap.scoring.moment import Moment, without
from graphmap.scoring.ties import LANDMARK_MS
from graphmap.scoring.touches import MUTUAL, decode

JointRetention = Literal["linear", "sqrt", "any"]
"""How much of a jointly held meeting survives when a share x of its credit lies with people who stay: x, sqrt x, or all."""

Floats = NDArray[np.float64]
Indexes = NDArray[np.int32]


@dataclass(frozen=True)
class Losses:
    """What one account would lose. Indexes are those of the directory.

    ``row`` its row in ``Scores``; ``retained`` 0-1, what stays of today's whole (NaN without data); ``orphaned`` contacts whose
    active ties all end; ``covered`` (contact, who): contacts that lose an active tie and keep one, with the strongest of ours
    that stays.
    """

    account: int
    row: int
    retained: float
    orphaned: tuple[int, ...]
    covered: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Departure:
    """Before and after, and the losses of every account that the leaving people touch, by account id."""

    leaving: tuple[int, ...]
    before: Moment
    after: Moment
    losses: tuple[Losses, ...]


def depart(moment: Moment, leaving: Sequence[int], joint: JointRetention = "linear") -> Departure:
    """Simulates that these people (indexes of the directory, either side) leave on the day of T.

    After = the numbers of the same T with their affiliations closed and s0 unchanged, so each split sums to 100 again.
    ``retained = 1 - sum of omega_c over leaving contacts - sum of omega_c s_rc / (S_c + s0) over ties of leaving reps with
    contacts who stay``, plus what jointly held meetings keep under ``joint``. For reps alone that is ``1 - sum P_r``: additive.
    """
    chosen = tuple(sorted(set(leaving)))
    after = moment.with_people(without(moment.directory, chosen, moment.day))
    log, before = moment.log, moment.scores.ties
    # Who works for us leaves as a rep, everybody else as a contact: what ``without`` closed is what ends.
    ends = before.kept & ~after.scores.ties.kept
    touched = np.unique(log.account[ends])
    retained = _retained(moment, after, ends, joint)
    row_of = {int(account): row for row, account in enumerate(moment.scores.accounts)}
    return Departure(
        leaving=chosen,
        before=moment,
        after=after,
        losses=tuple(
            Losses(
                int(account),
                row_of[int(account)],
                float(retained[row_of[int(account)]]),
                *_contacts(moment, after, int(account)),
            )
            for account in touched
            if int(account) in row_of
        ),
    )


def _retained(moment: Moment, after: Moment, ends: NDArray[np.bool_], joint: JointRetention) -> Floats:
    """Shape (accounts,), 0-1."""
    log, scores = moment.log, moment.scores
    n, slot = len(scores.accounts), _slots(moment)
    contacts, ties = scores.contacts, scores.ties
    leaving_contact = after.scores.contacts.left & ~contacts.left
    lost = sum_by(slot[contacts.account], contacts.vote * leaving_contact, n)
    denominator = contacts.strength[ties.contact_slot] + (moment.baseline or 0.0)
    by_reps = ends & ties.named & ~leaving_contact[ties.contact_slot] & (denominator > 0)
    share = np.zeros(len(ends))
    share[by_reps] = contacts.vote[ties.contact_slot[by_reps]] * ties.strength[by_reps] / denominator[by_reps]
    lost += sum_by(slot[log.account], share, n)
    if joint != "linear":
        lost -= _kept_jointly(moment, by_reps, denominator, joint)
    return np.where(scores.status == 2, np.nan, np.clip(1 - lost, 0.0, 1.0))


def _slots(moment: Moment) -> Indexes:
    slot = np.full(len(moment.directory.firm_ids) + 1, -1, dtype=np.int32)
    slot[moment.scores.accounts] = np.arange(len(moment.scores.accounts))
    return slot


def _kept_jointly(
    moment: Moment, leaving: NDArray[np.bool_], denominator: Floats, joint: JointRetention
) -> Floats:
    """What joint meetings keep beyond the linear rule: ``q (phi(x) - x)`` of each contact's credit q, as a share of the account.

    x = the part of the credit that lies with those who stay. Only what is mutual by nature is held jointly; mail is not.
    """
    log, scores = moment.log, moment.scores
    n, slot, formula = len(scores.accounts), _slots(moment), moment.formula
    concerned = np.zeros(len(scores.contacts.contact), dtype=np.bool_)
    concerned[scores.ties.contact_slot[leaving]] = True
    ties = np.flatnonzero(concerned[scores.ties.contact_slot] & scores.ties.kept)
    if not len(ties):
        return np.zeros(n)
    rows = log.touches_of(ties)
    tie = np.repeat(ties, np.diff(np.append(rows.starts, len(rows.at))))
    table = decode(log.codes, formula)
    age = moment.as_of - rows.at
    counts = (age >= 0) & (age <= formula.look_back_days * DAY_MS)
    counts &= (table.way[rows.code] == MUTUAL) & ~table.alone[rows.code]
    rate = 1.0 / (formula.half_life_days * DAY_MS)
    scale = np.exp2((LANDMARK_MS - moment.as_of) * rate)
    credit = (
        table.credit[rows.code] * np.exp2(np.where(counts, rows.at - LANDMARK_MS, 0) * rate) * scale * counts
    )
    key = (scores.ties.contact_slot[tie].astype(np.int64) << 32) | rows.interaction
    _, first, group = np.unique(key, return_index=True, return_inverse=True)
    whole = sum_by(group, credit, len(first))
    lost = sum_by(group, credit * leaving[tie], len(first))
    stays = np.divide(whole - lost, whole, out=np.zeros(len(first)), where=(whole > 0) & (lost < whole))
    survives = np.sqrt(stays) if joint == "sqrt" else (stays > 0).astype(np.float64)
    place = tie[first]
    vote = scores.contacts.vote[scores.ties.contact_slot[place]]
    extra = np.divide(
        vote * whole * (survives - stays),
        denominator[place],
        out=np.zeros(len(first)),
        where=denominator[place] > 0,
    )
    return sum_by(slot[log.account[place]], extra, n)


def _contacts(
    before: Moment, after: Moment, account: int
) -> tuple[tuple[int, ...], tuple[tuple[int, int], ...]]:
    low, high = before.log.tie_range(account)
    was, stays = before.scores.ties.active[low:high], after.scores.ties.active[low:high]
    contact, rep = before.log.contact[low:high], before.log.rep[low:high]
    strength = before.scores.ties.strength[low:high]
    # A contact who leaves is lost, not orphaned.
    remaining = ~after.scores.ties.contact_left[low:high]
    orphaned: list[int] = []
    covered: list[tuple[int, int]] = []
    for one in np.unique(contact[was & ~stays & remaining]).tolist():
        others = np.flatnonzero(stays & (contact == one))
        if not len(others):
            orphaned.append(one)
        else:
            best = min(others.tolist(), key=lambda k: (-strength[k], rep[k]))
            covered.append((one, int(rep[best])))
    return tuple(orphaned), tuple(covered)
