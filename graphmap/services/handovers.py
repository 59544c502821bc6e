"""The handover plan in words: every contact that loses somebody, who could take over and why, and the dated steps."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from graphmap.config import Settings
from graphmap.planning.checklist import (
    Step,
    Wording,
    colleague_reason,
    reason,
    steps,
    succession_steps,
)
from graphmap.planning.departure import Departure
from graphmap.planning.handover import Handing, handover
from graphmap.planning.profiles import Profiles, coded
from graphmap.planning.succession import Succession, successions
from graphmap.scoring.moment import Moment
from graphmap.services.rules import contact_rules
from graphmap.services.values import Named
from graphmap.store import people
from graphmap.store.graphstore import GraphStore

UNNAMED = "somebody unnamed"
_EPOCH = datetime.date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class SuccessorLine:
    """Somebody who could take over, and why. ``closeness``: chosen, active, weak, account, similar, or theirs."""

    person: Named
    closeness: str
    reason: str


@dataclass(frozen=True, slots=True)
class StepLine:
    """One thing to do. ``due`` YYYY-MM-DD; ``kind`` written_context, introduction or joint_meeting."""

    due: str
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class HandoverLine:
    """One contact of the plan. ``side``: whose person leaves; ``hangs`` 0-100: the part of the account at stake here.

    ``note`` says why there is nobody to take over or nothing to do; empty where the steps speak for themselves.
    """

    contact: Named
    account: Named
    leaver: Named
    side: str
    hangs: float
    successors: tuple[SuccessorLine, ...]
    steps: tuple[StepLine, ...]
    note: str


def profiles_of(store: GraphStore, moment: Moment) -> Profiles:
    """What is known of everybody in the directory."""
    about, firms = people.traits(store)
    directory = moment.directory
    department, departments = coded([about.get(p, ("", -1, False))[0] for p in directory.person_ids])
    industry, industries = coded([firms.get(f, ("", ""))[0] for f in directory.firm_ids])
    segment, segments = coded([firms.get(f, ("", ""))[1] for f in directory.firm_ids])
    return Profiles(
        department=department,
        seniority=np.array([about.get(p, ("", -1, False))[1] for p in directory.person_ids], dtype=np.int32),
        industry=industry,
        segment=segment,
        silent=np.array([about.get(p, ("", -1, False))[2] for p in directory.person_ids], dtype=np.bool_),
        words={"industry": industries, "segment": segments, "department": departments},
    )


def day_text(day: int) -> str:
    """Days since 1970-01-01 as YYYY-MM-DD.

    >>> day_text(1)
    '1970-01-02'
    """
    return (_EPOCH + datetime.timedelta(days=day)).isoformat()


def handover_plan(
    store: GraphStore,
    settings: Settings,
    found: Departure,
    *,
    on: int,
    scope: set[str] | None,
    called: Callable[[str], str] | None = None,
) -> tuple[HandoverLine, ...]:
    """The plan for a simulated departure: contacts with most at stake first. ``on`` = last day (days since 1970-01-01).

    ``called`` says how a person (id) is written instead of by name.
    """
    moment = found.before
    profiles = profiles_of(store, moment)
    rules = contact_rules(store, moment, moment.as_of)
    ours = handover(found, profiles, similarity=settings.number("planning.similarity"), rules=rules)
    theirs = successions(found, profiles, rules=rules)
    directory = moment.directory
    if scope is not None:
        ours = tuple(h for h in ours if directory.firm_ids[h.account] in scope)
        theirs = tuple(s for s in theirs if directory.firm_ids[s.account] in scope)
    accounts = [x.account for x in (*ours, *theirs)]
    words = wording(store, moment, profiles, _people_in(ours, theirs), accounts)
    if called is not None:
        words = replace(words, person=lambda i: called(directory.person_ids[i]))
    dated = steps(ours, words, on=on, today=moment.day)
    lines = [_line(h, made, words, moment) for h, made in zip(ours, dated, strict=True)]
    lines += [
        _their_line(s, succession_steps(s, words, on=on, today=moment.day), words, moment) for s in theirs
    ]
    return tuple(sorted(lines, key=lambda line: (-line.hangs, line.account.id, line.contact.id)))


def _people_in(ours: Sequence[Handing], theirs: Sequence[Succession]) -> set[int]:
    found: set[int] = set()
    for handing in ours:
        found |= {handing.contact, handing.leaver}
        for one in handing.successors:
            found |= {one.person, *one.others}
    for succession in theirs:
        found |= {succession.contact, succession.rep, *(one.person for one in succession.successors)}
    return found - {-1}


def wording(
    store: GraphStore, moment: Moment, profiles: Profiles, wanted: Iterable[int], accounts: Iterable[int]
) -> Wording:
    """How these people and accounts (indexes) are called."""
    directory = moment.directory
    indexes = sorted(set(wanted))
    known = people.names_of(store, [directory.person_ids[i] for i in indexes])
    names = {
        i: UNNAMED
        if directory.unnamed_of[i] >= 0
        else known.get(directory.person_ids[i], (directory.person_ids[i],))[0]
        for i in indexes
    }
    firm_ids = [directory.firm_ids[a] for a in sorted(set(accounts))]
    firms = {str(f["id"]): str(f.get("name") or f["id"]) for f in people.firms_by_id(store, firm_ids)}
    codes = {"industry": profiles.industry, "segment": profiles.segment}
    return Wording(
        person=lambda i: names.get(i, directory.person_ids[i]),
        account=lambda a: firms.get(directory.firm_ids[a], directory.firm_ids[a]),
        day=day_text,
        word=lambda trait, account: profiles.word(trait, int(codes[trait][account])),
    )


def _line(handing: Handing, made: tuple[Step, ...], words: Wording, moment: Moment) -> HandoverLine:
    directory = moment.directory
    note = ""
    if handing.silent:
        note = "Not to be contacted: nothing is planned."
    elif not handing.successors:
        note = "No good successor: nobody of ours who stays is in touch there or serves a similar account."
    return HandoverLine(
        contact=Named(directory.person_ids[handing.contact], words.person(handing.contact)),
        account=Named(directory.firm_ids[handing.account], words.account(handing.account)),
        leaver=Named(directory.person_ids[handing.leaver], words.person(handing.leaver)),
        side="ours",
        hangs=100 * handing.hangs,
        successors=tuple(
            SuccessorLine(
                Named(directory.person_ids[one.person], words.person(one.person)),
                one.closeness,
                reason(one, handing, words),
            )
            for one in handing.successors
        ),
        steps=_steps(made),
        note=note,
    )


def _their_line(
    succession: Succession, made: tuple[Step, ...], words: Wording, moment: Moment
) -> HandoverLine:
    directory = moment.directory
    contact = Named(directory.person_ids[succession.contact], words.person(succession.contact))
    return HandoverLine(
        contact=contact,
        account=Named(directory.firm_ids[succession.account], words.account(succession.account)),
        leaver=contact,
        side="theirs",
        hangs=100 * succession.hangs,
        successors=tuple(
            SuccessorLine(
                Named(directory.person_ids[one.person], words.person(one.person)),
                "theirs",
                colleague_reason(one, words, succession),
            )
            for one in succession.successors
        ),
        steps=_steps(made),
        note="" if succession.successors else "No colleague of theirs is known.",
    )


def _steps(made: tuple[Step, ...]) -> tuple[StepLine, ...]:
    return tuple(StepLine(day_text(s.due), s.kind, s.text) for s in made)
