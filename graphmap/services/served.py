"""The customer's side: whom of theirs we know, which departments serve them, how fast they are answered, at which stage they are."""

from __future__ import annotations

import datetime
import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import numpy as np

from graphmap.config import Settings
from graphmap.planning.profiles import Profiles
from graphmap.scoring.formula import DAY_MS
from graphmap.scoring.moment import Moment
from graphmap.scoring.replies import Mail, Replies, replies
from graphmap.services.accountpage import resolve_account
from graphmap.services.handovers import profiles_of
from graphmap.services.lines import scored_run
from graphmap.services.moments import moment_of
from graphmap.services.values import Named, ScoringRun, Viewer
from graphmap.store import deals, evidence, interactions, people
from graphmap.store.graphstore import GraphStore

MAILS = 5_000
"""So many of the newest interactions are looked at for answers."""
RECENT_DAYS = 90
ONBOARDING_DAYS = 180
RENEWAL_DAYS = 90


@dataclass(frozen=True, slots=True)
class DepartmentPart:
    """A department of ours: its part of the relationship 0-100, and whether it was in touch within 90 days."""

    name: str
    share: float
    recent: bool


@dataclass(frozen=True, slots=True)
class TheirDepartment:
    """A department of theirs: people known, and how many of them somebody of ours is in active touch with."""

    name: str
    people: int
    covered: int


@dataclass(frozen=True, slots=True)
class ServedPage:
    """The customer's side of an account.

    ``roster`` people known there, ``covered`` with an active tie, the same of executives (seniority from 2). ``departments`` in
    alphabetical order; ``effective_departments`` exp of the entropy of their parts; ``largest_department`` what if it goes.
    ``stage``: open_opportunity, onboarding, renewal_near, running, lost or dormant, unknown.
    """

    run: ScoringRun
    account: Named
    roster: int
    covered: int
    executives: int
    executives_covered: int
    departments: tuple[DepartmentPart, ...]
    effective_departments: float | None
    largest_department: DepartmentPart | None
    their_departments: tuple[TheirDepartment, ...]
    answers: Replies
    answered_by: tuple[tuple[Named, int], ...]
    stage: str
    stage_reason: str
    quiet_departments: tuple[str, ...]
    """Departments of ours that serve other accounts at this stage but were not in touch here within 90 days."""


def served_page(store: GraphStore, settings: Settings, viewer: Viewer, account: str) -> ServedPage:
    """How a customer is served, at the latest run's T.

    Raises:
        NotFoundError: the account is not known. NotScoredError: nothing was scored yet.
    """
    identifier, name = resolve_account(store, viewer, account)
    run = scored_run(store)
    moment = moment_of(store, settings, run)
    profiles = profiles_of(store, moment)
    index = moment.directory.firm_at(identifier)
    stages = _stages(store, moment)
    stage, why = stages.get(identifier, ("unknown", "no deal, renewal date or contact is known"))
    zone = settings.text("import.tz").strip()
    answers = _answers(store, identifier, ZoneInfo(zone) if zone else datetime.UTC)
    called = people.names_of(store, [who for who, _ in answers.by])
    departments = () if index is None else _departments(moment, profiles, index)
    roster = (0, 0, 0, 0, ()) if index is None else _roster(moment, profiles, index)
    parts = [part.share for part in departments if part.share > 0]
    whole = sum(parts)
    return ServedPage(
        run=run, account=Named(identifier, name), roster=roster[0], covered=roster[1], executives=roster[2],
        executives_covered=roster[3], departments=departments,
        effective_departments=math.exp(-sum(p / whole * math.log(p / whole) for p in parts)) if parts else None,
        largest_department=max(departments, key=lambda part: (part.share, part.name), default=None),
        their_departments=roster[4], answers=answers,
        answered_by=tuple((Named(who, called[who][0] if who in called else who), count) for who, count in answers.by),
        stage=stage, stage_reason=why,
        quiet_departments=() if index is None else _quiet(moment, profiles, stages, identifier, stage),
    )  # fmt: skip


def _departments(moment: Moment, profiles: Profiles, account: int) -> tuple[DepartmentPart, ...]:
    reps = moment.scores.reps
    low, high = np.searchsorted(reps.account, [account, account + 1])
    parts: dict[str, float] = defaultdict(float)
    for row in range(int(low), int(high)):
        if reps.share[row] > 0:
            name = (
                profiles.word("department", int(profiles.department[reps.rep[row]])) or "department not known"
            )
            parts[name] += 100 * float(reps.share[row])
    recent = _recent(moment, profiles, account)
    return tuple(
        DepartmentPart(name, parts[name], name in recent) for name in sorted(parts, key=str.casefold)
    )


def _recent(moment: Moment, profiles: Profiles, account: int) -> set[str]:
    """Departments of ours that were in touch with an account within 90 days."""
    low, high = moment.log.tie_range(account)
    fresh = (moment.as_of - moment.sums.last_at[low:high] <= RECENT_DAYS * DAY_MS) & moment.scores.ties.named[
        low:high
    ]
    fresh &= moment.scores.ties.kept[low:high]
    codes = profiles.department[np.minimum(moment.log.rep[low:high][fresh], len(profiles.department) - 1)]
    return {profiles.word("department", int(code)) for code in np.unique(codes) if code >= 0}


def _roster(
    moment: Moment, profiles: Profiles, account: int
) -> tuple[int, int, int, int, tuple[TheirDepartment, ...]]:
    directory = moment.directory
    rows = (directory.firm == account) & (directory.start <= moment.day) & (moment.day < directory.end)
    there = np.array(
        [p for p in np.unique(directory.person[rows]).tolist() if directory.unnamed_of[p] < 0], dtype=np.int32
    )
    low, high = moment.log.tie_range(account)
    active = set(moment.log.contact[low:high][moment.scores.ties.active[low:high]].tolist())
    levels = directory.seniority_on(there, np.full(len(there), account, dtype=np.int32), moment.day)
    top = {int(p) for p, level in zip(there, levels, strict=True) if level >= 2}
    known: dict[str, list[int]] = defaultdict(list)
    for person in there.tolist():
        known[profiles.word("department", int(profiles.department[person])) or "department not known"].append(
            person
        )
    lanes = tuple(
        TheirDepartment(name, len(who), len(active & set(who)))
        for name, who in sorted(known.items(), key=lambda one: one[0].casefold())
    )
    return len(there), len(active & set(there.tolist())), len(top), len(active & top), lanes


def _answers(store: GraphStore, account: str, zone: datetime.tzinfo) -> Replies:
    found = [one for one in evidence.of_account(store, account, MAILS) if one.kind == "email"]
    threads = interactions.threads_of(store, [one.id for one in found])
    mails: list[Mail] = []
    for one in found:
        sender = next((p for p in one.participants if p[5] == "from"), None)
        if sender is not None and one.id in threads:
            mails.append(Mail(threads[one.id], one.at, sender[2] == "ours", sender[0] or sender[4]))
    return replies(mails, zone)


def _stages(store: GraphStore, moment: Moment) -> dict[str, tuple[str, str]]:
    """Where every account stands in its journey, and why; the first that fits of: lost, open, onboarding, renewal, running, dormant."""
    today = datetime.datetime.fromtimestamp(moment.as_of / 1000, datetime.UTC).date()
    known = deals.by_firm(store)
    renewals = deals.renewals(store)
    scores, directory = moment.scores, moment.directory
    found: dict[str, tuple[str, str]] = {}
    for row, account in enumerate(scores.accounts.tolist()):
        firm = directory.firm_ids[account]
        found[firm] = _stage(
            known.get(firm, ()), renewals.get(firm), today, int(scores.last_two_way_at[row]), moment.as_of
        )
    return found


def _stage(
    deals_: tuple[tuple[str, str | None], ...] | list[tuple[str, str | None]],
    renewal: str | None,
    today: datetime.date,
    last: int,
    as_of: int,
) -> tuple[str, str]:
    quiet = last < 0 or as_of - last > 180 * DAY_MS
    won = sorted(day for status, day in deals_ if status == "won" and day)
    lost = sorted(day for status, day in deals_ if status == "lost" and day)
    if any(status == "open" for status, _ in deals_):
        return "open_opportunity", "there is an open deal"
    if lost and (not won or lost[-1] > won[-1]):
        return "lost", f"the last deal was lost on {lost[-1]}"
    if won and (today - datetime.date.fromisoformat(won[-1])).days <= ONBOARDING_DAYS:
        return "onboarding", f"a deal was won on {won[-1]}"
    if renewal is not None and 0 <= (datetime.date.fromisoformat(renewal) - today).days <= RENEWAL_DAYS:
        return "renewal_near", f"the renewal is on {renewal}"
    if quiet:
        return "dormant", "no answer, call, meeting or order for more than 180 days"
    return "running", "in touch, without an open deal or a near renewal"


def _quiet(
    moment: Moment, profiles: Profiles, stages: Mapping[str, tuple[str, str]], account: str, stage: str
) -> tuple[str, ...]:
    """Departments in recent touch with most of the other accounts at this stage, but not here."""
    directory = moment.directory
    same = [firm for firm, (word, _) in stages.items() if word == stage and firm != account]
    if not same:
        return ()
    seen: dict[str, int] = defaultdict(int)
    for firm in same:
        index = directory.firm_at(firm)
        for name in () if index is None else _recent(moment, profiles, index):
            seen[name] += 1
    here = directory.firm_at(account)
    mine = set() if here is None else _recent(moment, profiles, here)
    return tuple(sorted(name for name, count in seen.items() if 2 * count >= len(same) and name not in mine))
