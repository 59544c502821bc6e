"""When one of theirs leaves: who else at the account could keep the door open for us."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from graphmap.planning.departure import Departure
from graphmap.planning.handover import SUCCESSORS, ContactRule
from graphmap.planning.profiles import Profiles


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody else of theirs. ``strength`` = sum of the ties with those of ours who stay; ``active``: one of them is active."""

    person: int
    strength: float
    active: bool
    alike: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Succession:
    """A contact who leaves. ``hangs`` = their vote omega 0-1; ``rep`` whoever of ours who stays is closest to them, -1 nobody."""

    account: int
    contact: int
    rep: int
    hangs: float
    successors: tuple[Colleague, ...]


def successions(
    departure: Departure, profiles: Profiles, *, rules: Mapping[int, ContactRule] | None = None
) -> tuple[Succession, ...]:
    """Every leaving contact with an active tie, with up to three colleagues; the largest vote first.

    Order: an active tie with one of ours who stays, a weak one, none; within these the stronger, the more alike in
    department and seniority, the smaller id. Who does not want to be contacted, or is not to be, is never named.
    """
    before, after = departure.before, departure.after
    log, ties = before.log, before.scores.ties
    gone = after.scores.ties.contact_left & ~ties.contact_left & ties.active
    pairs = sorted(
        {(int(a), int(c)) for a, c in zip(log.account[gone], log.contact[gone], strict=True)},
    )
    forbidden = {who for who, rule in (rules or {}).items() if rule.forbids}
    found = [_succession(departure, profiles, account, contact, forbidden) for account, contact in pairs]
    return tuple(sorted(found, key=lambda s: (-s.hangs, s.account, s.contact)))


def _succession(
    departure: Departure, profiles: Profiles, account: int, contact: int, forbidden: set[int]
) -> Succession:
    before, after = departure.before, departure.after
    low, high = before.log.tie_range(account)
    rep, theirs = before.log.rep[low:high], before.log.contact[low:high]
    strength = before.scores.ties.strength[low:high]
    stays = before.scores.ties.kept[low:high] & before.scores.ties.named[low:high]
    stays &= ~after.scores.ties.rep_left[low:high]
    mine = np.flatnonzero(stays & (theirs == contact))
    best = int(rep[mine[np.lexsort((rep[mine], -strength[mine]))[0]]]) if len(mine) else -1
    active = after.scores.ties.active[low:high]
    directory = after.directory
    valid = (directory.firm == account) & (directory.start <= before.day) & (before.day < directory.end)
    colleagues: list[Colleague] = []
    for person in np.unique(directory.person[valid]).tolist():
        named = directory.unnamed_of[person] < 0
        if person == contact or not named or profiles.silent[person] or person in forbidden:
            continue
        ties = np.flatnonzero(stays & (theirs == person))
        alike = tuple(
            trait
            for trait, codes in (("department", profiles.department), ("seniority", profiles.seniority))
            if codes[person] >= 0 and codes[person] == codes[contact]
        )
        colleagues.append(Colleague(person, float(strength[ties].sum()), bool(active[ties].any()), alike))
    contacts = before.scores.contacts
    row = np.flatnonzero((contacts.account == account) & (contacts.contact == contact))
    colleagues.sort(key=lambda c: (not c.active, c.strength <= 0, -c.strength, -len(c.alike), c.person))
    return Succession(account, contact, best, float(contacts.vote[row].sum()), tuple(colleagues[:SUCCESSORS]))
