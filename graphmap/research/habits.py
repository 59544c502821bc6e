"""How people of a world behave apart from what binds them: who writes a lot, who gets the delivery notes, who uses the portal."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graphmap.research.accounts import Accounts

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Habits:
    """Factors of rates, each with a mean near 1: ``talk`` (pairs,), ``operations`` (contacts,), ``blasts`` (accounts,), ``channel``
    (contacts,); ``partner`` (contacts,) who of ours sends the operational mail.
    """

    talk: Floats
    operations: Floats
    blasts: Floats
    channel: Floats
    partner: NDArray[np.int64]


def make_habits(accounts: Accounts, dice: np.random.Generator) -> Habits:
    """Habits of the people of some accounts, independent of their ties and loyalties."""
    contacts = len(accounts.contact_account)
    return Habits(
        talk=dice.lognormal(0, 0.6, len(accounts.tie)),
        operations=dice.lognormal(-0.5, 1.0, contacts),
        blasts=dice.lognormal(-0.3, 0.8, accounts.count),
        channel=dice.lognormal(-0.2, 0.6, contacts),
        partner=anybody(accounts, accounts.contact_account.astype(np.int64), dice),
    )


def anybody(accounts: Accounts, of: NDArray[np.int64], dice: np.random.Generator) -> NDArray[np.int64]:
    """Somebody of ours at each of these accounts, each as likely as the other."""
    crowd = np.bincount(accounts.rep_account, minlength=accounts.count)
    first = np.cumsum(crowd) - crowd
    return first[of] + dice.integers(0, crowd[of])
