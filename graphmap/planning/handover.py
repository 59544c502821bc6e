"""Who could take over which contact: by existing tie, then by similarity, then by load (docs/number.md, "The handover plan")."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from graphmap.planning.departure import Departure
from graphmap.planning.profiles import Bench, Profiles, bench

Closeness = Literal["chosen", "active", "weak", "account", "similar"]
"""Why somebody is a successor, nearest first; ``chosen`` is a human's word and stands above all."""
CLOSENESS: tuple[Closeness, ...] = ("chosen", "active", "weak", "account", "similar")
SUCCESSORS = 3


@dataclass(frozen=True, slots=True)
class ContactRule:
    """A human's word about a contact: not to be contacted at all, or only through somebody of ours (index)."""

    through: int | None = None

    @property
    def forbids(self) -> bool:
        """Nobody is to get in touch."""
        return self.through is None


@dataclass(frozen=True, slots=True)
class Successor:
    """Somebody of ours who could take a contact over (indexes of the directory).

    ``strength`` s of the tie with the contact (``account``: the sum of the active ties there); ``others`` the contacts there
    with whom an active tie exists; ``alike`` traits shared; ``load`` active ties now.
    """

    person: int
    closeness: Closeness
    strength: float
    others: tuple[int, ...]
    alike: tuple[str, ...]
    load: int


@dataclass(frozen=True, slots=True)
class Handing:
    """One contact that loses an active tie. ``hangs`` 0-1: the part of the account that runs through the leaving to them.

    ``leaver``: the leaving person with the strongest of those ties. ``silent``: the contact is not to be contacted.
    """

    account: int
    contact: int
    leaver: int
    hangs: float
    successors: tuple[Successor, ...]
    silent: bool = False


def handover(
    departure: Departure,
    profiles: Profiles,
    *,
    similarity: float = 0.5,
    rules: Mapping[int, ContactRule] | None = None,
) -> tuple[Handing, ...]:
    """Every contact that loses an active tie with a leaving rep, with up to three successors; most at stake first.

    Order of successors: a human's choice; an active tie with the contact (stronger first); a weak one; an active tie elsewhere
    at the account; nobody there but alike in at least ``similarity`` (0-1) of industry, segment, department and seniority;
    within the last two the more alike, then who has fewer active ties, then the smaller id. Nobody may be left: then none.
    """
    found = [
        _handing(departure, bench_, account, contact, rows, similarity, rules or {})
        for bench_ in (bench(departure.before, profiles, departure.leaving),)
        for account, contact, rows in _losing(departure)
    ]
    return tuple(sorted(found, key=lambda h: (-h.hangs, h.account, h.contact)))


def _losing(departure: Departure) -> list[tuple[int, int, NDArray[np.int64]]]:
    """(account, contact, ties that end) of contacts who stay and lose an active tie."""
    before, after = departure.before, departure.after
    ends = before.scores.ties.active & ~after.scores.ties.active & ~after.scores.ties.contact_left
    rows = np.flatnonzero(ends)
    key = (before.log.account[rows].astype(np.int64) << 32) | before.log.contact[rows]
    order = np.argsort(key, kind="stable")
    cuts = np.flatnonzero(np.diff(key[order])) + 1
    groups = np.split(rows[order], cuts) if len(rows) else []
    return [(int(before.log.account[g[0]]), int(before.log.contact[g[0]]), g) for g in groups]


def _handing(
    departure: Departure,
    people: Bench,
    account: int,
    contact: int,
    rows: NDArray[np.int64],
    similarity: float,
    rules: Mapping[int, ContactRule],
) -> Handing:
    moment = departure.before
    ties, contacts = moment.scores.ties, moment.scores.contacts
    slot = ties.contact_slot[rows[0]]
    whole = contacts.strength[slot] + (moment.baseline or 0.0)
    hangs = float(contacts.vote[slot] * ties.strength[rows].sum() / whole) if whole > 0 else 0.0
    best = rows[np.lexsort((moment.log.rep[rows], -ties.strength[rows]))[0]]
    leaver = int(moment.log.rep[best])
    rule = rules.get(contact)
    if people.profiles.silent[contact] or (rule is not None and rule.forbids):
        return Handing(account, contact, leaver, hangs, (), silent=True)
    chosen = None if rule is None else rule.through
    successors = _successors(people, account, contact, leaver, similarity, chosen)
    return Handing(account, contact, leaver, hangs, successors)


def _successors(
    people: Bench, account: int, contact: int, leaver: int, similarity: float, chosen: int | None
) -> tuple[Successor, ...]:
    moment = people.moment
    low, high = moment.log.tie_range(account)
    rep, theirs = moment.log.rep[low:high], moment.log.contact[low:high]
    ties = moment.scores.ties
    strength, active, kept = ties.strength[low:high], ties.active[low:high], ties.kept[low:high]
    here = set(people.people.tolist())
    found: dict[int, Successor] = {}
    for candidate in sorted({int(r) for r in rep[kept].tolist()} & here):
        mine = np.flatnonzero(kept & (rep == candidate))
        with_contact = mine[theirs[mine] == contact]
        elsewhere = mine[active[mine] & (theirs[mine] != contact)]
        closeness: Closeness
        if len(with_contact) and active[with_contact[0]]:
            closeness, tie = "active", float(strength[with_contact[0]])
        elif len(with_contact) and strength[with_contact[0]] > 0:
            closeness, tie = "weak", float(strength[with_contact[0]])
        elif len(elsewhere):
            closeness, tie = "account", float(strength[elsewhere].sum())
        else:
            continue
        others = tuple(int(c) for c in theirs[elsewhere])
        alike = people.alike(candidate, account, leaver)
        found[candidate] = Successor(candidate, closeness, tie, others, alike, int(people.load[candidate]))
    if len(found) < SUCCESSORS:
        for candidate, alike in people.similar(account, leaver, similarity).items():
            if candidate not in found:
                found[candidate] = Successor(
                    candidate, "similar", 0.0, (), alike, int(people.load[candidate])
                )
    if chosen is not None and chosen in here:
        known = found.get(chosen)
        alike = people.alike(chosen, account, leaver)
        found[chosen] = Successor(
            chosen,
            "chosen",
            0.0 if known is None else known.strength,
            () if known is None else known.others,
            alike,
            int(people.load[chosen]),
        )
    return tuple(sorted(found.values(), key=_order)[:SUCCESSORS])


def _order(one: Successor) -> tuple[float, ...]:
    stage = CLOSENESS.index(one.closeness)
    if one.closeness in ("active", "weak"):
        return (stage, -one.strength, -len(one.alike), one.load, one.person)
    return (stage, -len(one.alike), one.load, -one.strength, one.person)
