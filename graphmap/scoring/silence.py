"""Who took part before and has been silent for long: perhaps they are not there any more, so somebody should look.

An end is never inferred from silence; it only asks.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graphmap.scoring.directory import ACCOUNT
from graphmap.scoring.formula import DAY_MS
from graphmap.scoring.moment import Moment
from graphmap.scoring.ties import NEVER
from graphmap.scoring.touches import OUT, decode


@dataclass(frozen=True, slots=True)
class Silence:
    """Somebody (index) who said nothing since ``last_at`` (epoch ms).

    ``account`` whose contact it is, None for one of ours; ``tried`` how many mails of ours have reached for them since;
    ``others`` whether somebody else at the account was in touch since.
    """

    person: int
    account: int | None
    last_at: int
    tried: int = 0
    others: bool = True


def silent_contacts(moment: Moment, days: float, answers: int) -> tuple[Silence, ...]:
    """Who of an account answered at least so often and has not for more than ``days``, though their firm still counts as theirs.

    A two-way touch is an answer: a mail from them, a call, a meeting, an order. Who was neither written to since nor outlived
    by a colleague's touch is not listed: there the whole account is silent, and nothing speaks of the person. People known
    to have left and unnamed contacts are not listed either, nor who was silent for the whole look-back of the formula: they
    count nowhere any more.

    Args:
        moment: the instant; touches after it do not count.
        days: silence longer than this is listed.
        answers: interactions with a part of theirs before that; fewer never were a habit.
    """
    log, directory, as_of = moment.log, moment.directory, moment.as_of
    rows = log.touches(0, len(log.account))
    sizes = np.diff(np.append(rows.starts, len(rows.at)))
    tie = np.repeat(np.arange(len(log.account)), sizes)
    table = decode(log.codes, moment.formula)
    past = rows.at <= as_of
    two_way = past & table.two_way[rows.code]
    span = len(directory.person_ids) + 1
    pair_of_tie = log.account.astype(np.int64) * span + log.contact
    pairs, inverse = np.unique(pair_of_tie, return_inverse=True)
    pair = inverse[tie]
    account, contact = (pairs // span).astype(np.int32), (pairs % span).astype(np.int32)

    last = np.full(len(pairs), NEVER, dtype=np.int64)
    np.maximum.at(last, pair[two_way], rows.at[two_way])
    answered = _distinct(pair[two_way], rows.interaction[two_way], len(pairs))
    out = past & (table.way[rows.code] == OUT) & (rows.at > last[pair])
    tried = _distinct(pair[out], rows.interaction[out], len(pairs))
    latest = np.full(len(directory.firm_ids), NEVER, dtype=np.int64)
    np.maximum.at(latest, account, last)

    gone = directory.contact_left(contact, account, moment.day)
    named = directory.unnamed_of[contact] < 0
    others = latest[account] > last
    quiet = _quiet(moment, last, days) & (answered >= answers)
    found = np.flatnonzero(
        quiet & ~gone & named & (directory.firm_kind[account] == ACCOUNT) & ((tried > 0) | others)
    )
    order = found[np.lexsort((contact[found], account[found], -last[found]))].tolist()
    return tuple(
        Silence(int(contact[k]), int(account[k]), int(last[k]), int(tried[k]), bool(others[k])) for k in order
    )


def silent_reps(moment: Moment, days: float, answers: int) -> tuple[Silence, ...]:
    """Who of ours had at least so many interactions with accounts and none for more than ``days``, though nobody says they left."""
    log, directory = moment.log, moment.directory
    rows = log.touches(0, len(log.account))
    sizes = np.diff(np.append(rows.starts, len(rows.at)))
    rep = np.repeat(log.rep, sizes).astype(np.int64)
    past = rows.at <= moment.as_of
    last = np.full(directory.firm_rep + 1, NEVER, dtype=np.int64)
    np.maximum.at(last, rep[past], rows.at[past])
    took_part = _distinct(rep[past], rows.interaction[past], len(last))
    people = np.arange(len(last), dtype=np.int32)
    quiet = _quiet(moment, last, days) & (took_part >= answers)
    found = np.flatnonzero(quiet & ~directory.rep_left(people, moment.day) & (people != directory.firm_rep))
    return tuple(
        Silence(int(k), None, int(last[k])) for k in found[np.lexsort((found, -last[found]))].tolist()
    )


def _quiet(moment: Moment, last: NDArray[np.int64], days: float) -> NDArray[np.bool_]:
    age = moment.as_of - last
    return (last != NEVER) & (age > days * DAY_MS) & (age <= moment.formula.look_back_days * DAY_MS)


def _distinct(pair: NDArray[np.int64], interaction: NDArray[np.int32], pairs: int) -> NDArray[np.int64]:
    """How many different interactions each pair has; shape (pairs,)."""
    both = np.unique(np.stack([pair, interaction.astype(np.int64)], axis=1), axis=0)
    return np.bincount(both[:, 0].astype(np.int64), minlength=pairs)
