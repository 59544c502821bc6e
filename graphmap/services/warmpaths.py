"""Who could introduce us to a contact, and doors that are still open: lost deals and silent accounts where a colleague has a tie."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from graphmap.config import Settings
from graphmap.planning.handover import ContactRule
from graphmap.planning.paths import Judged, Way, ways
from graphmap.scoring.moment import Moment, works_for_us
from graphmap.services.handovers import profiles_of, wording
from graphmap.services.lines import scored_run
from graphmap.services.moments import moment_of, somebody
from graphmap.services.rules import contact_rules
from graphmap.services.times import iso
from graphmap.services.values import Named, ScoringRun, Viewer
from graphmap.store import assessments, deals
from graphmap.store.graphstore import GraphStore

LOST_DAYS = 365
"""A deal lost longer ago is no door."""


@dataclass(frozen=True, slots=True)
class PathLine:
    """One way: people in order, ours first; ``strength`` 0-1; ``how`` in words."""

    people: tuple[Named, ...]
    strength: float
    how: str


@dataclass(frozen=True, slots=True)
class PathPage:
    """Ways to a contact, the strongest first. ``note`` says why there is none, or that a rule holds; empty otherwise."""

    run: ScoringRun
    target: Named
    start: Named | None
    lines: tuple[PathLine, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Door:
    """A colleague with a live tie at an account that is silent or whose deal was lost; ``why`` dormant or lost_deal."""

    account: Named
    why: str
    colleague: Named
    department: str | None
    contact: Named
    strength: float
    last_at: str


def path_page(
    store: GraphStore,
    settings: Settings,
    viewer: Viewer,
    target: str,
    *,
    start: str | None = None,
    k: int = 5,
    by: Judged = "product",
) -> PathPage:
    """The k best ways to a contact, from anybody of ours or from ``start``.

    Raises:
        NotFoundError: somebody is not known. NotScoredError: nothing was scored yet.
    """
    run = scored_run(store)
    moment = moment_of(store, settings, run)
    profiles = profiles_of(store, moment)
    rules = contact_rules(store, moment, moment.as_of)
    whom = somebody(store, viewer, target)
    who = None if start is None else somebody(store, viewer, start)
    index = moment.directory.person_at(whom.id)
    begin = None if who is None else moment.directory.person_at(who.id)
    if index is None or (who is not None and begin is None):
        return PathPage(run, whom, who, (), "They are not in the latest scoring run yet.")
    if works_for_us(moment.directory, np.array([index], dtype=np.int32), moment.day)[0]:
        return PathPage(run, whom, who, (), "They work for us: nobody has to introduce us.")
    found = ways(moment, profiles, index, start=begin, rules=rules, k=k, by=by)
    names = wording(store, moment, profiles, {i for way in found for i in way.people}, [])
    lines = tuple(
        PathLine(
            tuple(Named(moment.directory.person_ids[i], names.person(i)) for i in way.people),
            way.strength,
            _how(way, names.person),
        )
        for way in found
    )
    rule = rules.get(index)
    note = ""
    if profiles.silent[index] or (rule is not None and rule.forbids):
        note = "Not to be contacted."
    elif not lines:
        note = "Nobody of ours is in touch with them or with anybody at their firm."
    elif rule is not None:
        note = "A contact rule says through whom."
    return PathPage(run, whom, who, lines, note)


def _how(way: Way, name: Callable[[int], str]) -> str:
    told: list[str] = []
    for (one, other), link, tie in zip(pairwise(way.people), way.links, way.ties, strict=True):
        match link:
            case "tie":
                told.append(f"{name(one)} knows {name(other)} (strength {tie:.1f})")
            case "colleague":
                told.append(f"{name(one)} asks {name(other)}")
            case "same_department":
                told.append(f"{name(one)} works in the same department as {name(other)}")
            case _:
                told.append(f"{name(one)} works at the same firm as {name(other)}")
    return "; ".join(told) + "."


def doors(store: GraphStore, settings: Settings, viewer: Viewer) -> tuple[ScoringRun, tuple[Door, ...]]:
    """Silent accounts and lost deals where somebody of ours still has an active tie; by account, the strongest tie first."""
    run = scored_run(store)
    moment = moment_of(store, settings, run)
    profiles = profiles_of(store, moment)
    rules = contact_rules(store, moment, moment.as_of)
    since = (
        datetime.datetime.fromtimestamp(moment.as_of / 1000, datetime.UTC)
        - datetime.timedelta(days=LOST_DAYS)
    ).date()
    why = dict.fromkeys(deals.firms_with_lost(store, since.isoformat()), "lost_deal")
    why |= dict.fromkeys(assessments.firms_with_finding(store, run.id, "dormant"), "dormant")
    scope = None if viewer.scope is None else set(viewer.scope)
    rows: list[tuple[str, int]] = []
    for firm in sorted(why):
        account = moment.directory.firm_at(firm)
        if account is None or (scope is not None and firm not in scope):
            continue
        rows += [
            (firm, row) for row in _live(moment, account) if _contactable(profiles.silent, rules, moment, row)
        ]
    log = moment.log
    indexes = {int(i) for _, row in rows for i in (log.rep[row], log.contact[row])}
    names = wording(store, moment, profiles, indexes, [int(log.account[row]) for _, row in rows])
    ids = moment.directory.person_ids

    def named(index: int) -> Named:
        return Named(ids[index], names.person(index))

    found = [
        Door(
            Named(firm, names.account(int(log.account[row]))),
            why[firm],
            named(int(log.rep[row])),
            profiles.word("department", int(profiles.department[log.rep[row]])) or None,
            named(int(log.contact[row])),
            float(moment.scores.ties.strength[row]),
            iso(int(moment.sums.last_at[row])) or "",
        )
        for firm, row in rows
    ]
    found.sort(
        key=lambda door: (door.account.name.casefold(), door.account.id, -door.strength, door.colleague.id)
    )
    return run, tuple(found)


def _live(moment: Moment, account: int) -> list[int]:
    low, high = moment.log.tie_range(account)
    here = works_for_us(moment.directory, moment.log.rep[low:high], moment.day)
    return (np.flatnonzero(moment.scores.ties.active[low:high] & here) + low).tolist()


def _contactable(
    silent: NDArray[np.bool_], rules: Mapping[int, ContactRule], moment: Moment, row: int
) -> bool:
    contact, rep = int(moment.log.contact[row]), int(moment.log.rep[row])
    rule = rules.get(contact)
    allowed = rule is None or rule.through == rep
    return allowed and not silent[contact] and not silent[rep] and moment.directory.unnamed_of[contact] < 0
