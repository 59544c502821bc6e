"""Behind each finding the ties that it rests on: no claim without its evidence."""

from __future__ import annotations

from dataclasses import dataclass

from graphmap.services.values import AccountPage, FindingLine, TieLine
from graphmap_web.words import FIRM

_SHOWN = 4


@dataclass(frozen=True, slots=True)
class Reason:
    """A finding, the ties behind it (strongest first) and how many more there are."""

    finding: FindingLine
    ties: tuple[TieLine, ...]
    more: int


def shown_names(page: AccountPage) -> dict[str, str]:
    """Names by id of everybody on the page, and of the firm."""
    names = {contact.id: contact.name for contact in page.contacts}
    names.update({cut.id: cut.name for cut in page.cut_people})
    if page.account.top_rep:
        names[page.account.top_rep.id] = page.account.top_rep.name
    names.update({rep.id: rep.name for rep in page.reps})
    names[FIRM] = "The firm"
    return names


def _behind(page: AccountPage, rule: str) -> list[TieLine]:
    top = page.account.top_rep.id if page.account.top_rep else None
    owner = page.account.owner.id if page.account.owner else None
    key = max(page.contacts, key=lambda contact: contact.weight).id if page.contacts else None
    cut = {person.id for person in page.cut_people}
    ties = page.ties
    if rule == "only_one_active_rep":
        return [tie for tie in ties if tie.active and tie.rep != FIRM]
    if rule == "single_threaded_them":
        return [tie for tie in ties if tie.contact == key]
    if rule == "cut_person":
        return [tie for tie in ties if tie.active and (tie.rep in cut or tie.contact in cut)]
    if rule == "one_way":
        return [tie for tie in ties if tie.outbound > tie.inbound]
    if rule == "owner_mismatch":
        return [tie for tie in ties if tie.rep in {top, owner}]
    if rule == "dormant":
        return sorted(ties, key=lambda tie: tie.last_at, reverse=True)[:1]
    if rule == "not_captured":
        return []
    if rule == "rep_left_orphan":
        return [tie for tie in ties if tie.rep in {rep.id for rep in page.reps if rep.left}]
    if rule == "key_contact_left":
        return [
            tie for tie in ties if tie.contact in {contact.id for contact in page.contacts if contact.left}
        ]
    if rule == "handover_ready":
        return [tie for tie in ties if tie.active and tie.rep not in {FIRM, top}]
    if rule == "sequential_handover":
        return [tie for tie in ties if tie.rep != FIRM]
    return [tie for tie in ties if tie.rep == top]


def reasons(page: AccountPage) -> tuple[Reason, ...]:
    """Every finding with its ties."""
    found: list[Reason] = []
    for finding in page.account.findings:
        ties = sorted(_behind(page, finding.rule), key=lambda tie: (-tie.strength, tie.rep, tie.contact))
        found.append(Reason(finding, tuple(ties[:_SHOWN]), max(len(ties) - _SHOWN, 0)))
    return tuple(found)
