"""The truth of a world before anything is recorded: people, latent ties and loyalties, votes, and who is about to leave."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graphmap.research.worlds import World

Indexes = NDArray[np.int32]
Floats = NDArray[np.float64]

LEVEL_VOTES = (1.0, 2.0, 3.0, 5.0)
_LEVELS = (0.5, 0.25, 0.15, 0.1)
DECAY_DAYS = 180.0
"""Mean life of the tie of a person who moved on."""
LOG_DAYS = 730.0


@dataclass(frozen=True)
class Accounts:
    """Accounts with their people. Contacts and reps are numbered through; each belongs to one account.

    ``contact_account``, ``level`` 0-3, ``title`` the level as recorded (-1 missing), ``vote`` true weight > 0 and ``loyalty``
    > 0 of shape (contacts,); ``rep_account`` and ``captured`` of shape (reps,); ``owner``, ``leaver`` reps of shape (accounts,);
    ``tie_rep``, ``tie_contact``, ``met`` (the tie as it was while they worked together), ``tie`` (as it is today) and ``begin``,
    ``end`` (days of the log, 0-730) of shape (pairs,).
    """

    count: int
    contact_account: Indexes
    level: NDArray[np.int8]
    title: NDArray[np.int8]
    vote: Floats
    loyalty: Floats
    rep_account: Indexes
    captured: NDArray[np.bool_]
    owner: Indexes
    leaver: Indexes
    tie_rep: Indexes
    tie_contact: Indexes
    met: Floats
    tie: Floats
    begin: Floats
    end: Floats


def make_accounts(world: World, count: int, dice: np.random.Generator) -> Accounts:
    """So many accounts of a world; equal world, count and state of the dice give equal accounts.

    >>> made = make_accounts(World("small", "two accounts"), 2, np.random.default_rng(1))
    >>> made.count, len(made.owner), bool((made.tie > 0).all())
    (2, 2, True)
    """
    contacts = np.minimum(1 + dice.poisson(dice.gamma(1.2, 3.5, count)), 20)
    reps = np.minimum(1 + dice.poisson(1.8, count), 7)
    former = dice.random(count) < world.succeeded
    contact_account = np.repeat(np.arange(count, dtype=np.int32), contacts)
    rep_account = np.repeat(np.arange(count, dtype=np.int32), reps + former)
    first_rep = (np.cumsum(reps + former) - (reps + former)).astype(np.int32)
    level = dice.choice(4, len(contact_account), p=_LEVELS).astype(np.int8)
    title = np.where(dice.random(len(level)) < 0.1, dice.integers(0, 4, len(level)), level)
    title = np.where(dice.random(len(level)) < 0.25, -1, title).astype(np.int8)
    vote = np.array(LEVEL_VOTES)[level] ** world.authority * dice.lognormal(0, 0.5, len(level))
    hold = dice.gamma(1.5, world.loyalty / 1.5, count)
    loyalty = hold[contact_account] * dice.lognormal(0, 0.5, len(level)) + 0.01

    of_contact = np.repeat(np.arange(len(contact_account), dtype=np.int32), (reps + former)[contact_account])
    sizes = (reps + former)[contact_account]
    place = np.arange(len(of_contact)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    account = contact_account[of_contact]
    is_owner = place == 0
    is_former = former[account] & (place == reps[account])
    # How much of an account its owner holds differs from account to account.
    dominance = dice.beta(1.2, 1.2, count)[account]
    chance = np.where(is_owner, 0.6 + 0.4 * dominance, 0.15 + 0.45 * (1 - dominance))
    chance = np.where(is_former, 0.7, chance)
    scale = np.where(is_owner, 0.4 + 1.6 * dominance, 0.4 + 0.9 * (1 - dominance))
    met = dice.gamma(1.0, np.where(is_former, 1.0, scale)) + 0.02
    there = dice.random(len(of_contact)) < chance
    alone = np.bincount(of_contact[there], minlength=len(contact_account)) == 0
    there |= is_owner & alone[of_contact]

    handed_over = np.where(former, dice.uniform(120, 600, count), 0.0)
    begin = np.where(is_owner, handed_over[account], 0.0)
    end = np.where(is_former, handed_over[account], LOG_DAYS)
    tie = met * np.where(is_former, np.exp(-(LOG_DAYS - end) / DECAY_DAYS), 1.0)
    owner = first_rep
    other = first_rep + dice.integers(0, reps)
    leaver = np.where(dice.random(count) < 0.7, owner, other).astype(np.int32)
    return Accounts(
        count=count,
        contact_account=contact_account,
        level=level,
        title=title,
        vote=vote,
        loyalty=loyalty,
        rep_account=rep_account,
        captured=dice.random(len(rep_account)) >= world.uncaptured,
        owner=owner,
        leaver=leaver,
        tie_rep=(first_rep[account] + place).astype(np.int32)[there],
        tie_contact=of_contact[there],
        met=met[there],
        tie=tie[there],
        begin=begin[there],
        end=end[there],
    )
