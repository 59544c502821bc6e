"""Who is lost after a departure: a chance that follows the latent share that left, never anything that was recorded."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import root_scalar
from scipy.special import expit

from graphmap.research.accounts import Accounts
from graphmap.research.worlds import KEY_PERSON, POOLED, VOLUME, World

Floats = NDArray[np.float64]
Indexes = NDArray[np.int32]

LOST = 0.15
"""The mean chance of a loss, in every world."""
STEEPNESS = 6.0
CONCAVITY = 0.7
"""A tie twice as strong holds less than twice as much."""


def latent_share(world: World, accounts: Accounts, leaver: Indexes, volume_share: Floats) -> Floats:
    """The share of each account that leaves with ``leaver`` by the world's own rule, 0-1; shapes (accounts,).

    ``volume_share``: the leaver's share of the recorded interactions, which only the world of bare volume looks at.
    """
    if world.loss == VOLUME:
        return volume_share
    account = accounts.contact_account[accounts.tie_contact]
    strength = accounts.tie**CONCAVITY
    gone = strength * (accounts.tie_rep == leaver[account])
    held = accounts.loyalty**CONCAVITY
    if world.loss == POOLED:
        whole = np.bincount(account, strength, accounts.count)
        whole += np.bincount(accounts.contact_account, held, accounts.count)
        return np.bincount(account, gone, accounts.count) / whole
    contacts = len(held)
    part = np.bincount(accounts.tie_contact, gone, contacts)
    share = part / (np.bincount(accounts.tie_contact, strength, contacts) + held)
    vote = accounts.vote
    if world.loss == KEY_PERSON:
        best = np.zeros(accounts.count)
        np.maximum.at(best, accounts.contact_account, vote)
        vote = (vote == best[accounts.contact_account]).astype(np.float64)
    total = np.bincount(accounts.contact_account, vote, accounts.count)
    return np.bincount(accounts.contact_account, vote * share, accounts.count) / total


def chance_of_loss(share: Floats) -> Floats:
    """``logistic(b + 6 share)`` with b such that the mean is 0.15; shape (n,) -> (n,), each in (0, 1).

    >>> float(chance_of_loss(np.array([0.0, 0.2, 0.9])).mean().round(6))
    0.15
    """
    found = root_scalar(lambda b: float(expit(b + STEEPNESS * share).mean()) - LOST, bracket=(-40.0, 10.0))
    return expit(float(found.root) + STEEPNESS * share)
