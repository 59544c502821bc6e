"""What humans decide about accounts and contacts: contact rules and accepted findings, each with author, time, reason, expiry."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from graphmap.errors import ConfigError, NotFoundError
from graphmap.services.accountpage import resolve_account
from graphmap.services.lines import scored_run
from graphmap.services.moments import somebody
from graphmap.services.rules import CONTACT_RULE, FIRM, NOT_AT_ALL, THROUGH
from graphmap.services.times import iso
from graphmap.services.values import DecisionLine, Named, Viewer
from graphmap.store import assessments, people, state
from graphmap.store.decisions import Decision, decide, decisions, withdraw
from graphmap.store.graphstore import GraphStore

ACCEPTED, SET = "accepted", "set"
KINDS = (CONTACT_RULE, ACCEPTED, SET)


@dataclass(frozen=True)
class Said:
    """Who says it, why, until when (epoch ms, None = until withdrawn), and the clock."""

    viewer: Viewer
    reason: str
    until: int | None
    now: Callable[[], int]


def set_rule(
    store: GraphStore, said: Said, *, contact: str | None, account: str | None, through: str | None
) -> Decision:
    """A rule about one contact, or about everybody at an account: through somebody of ours, or (None) not at all.

    Raises:
        NotFoundError: somebody or the account is not known. ConfigError: not exactly one of contact and account.
    """
    if contact is not None and account is None:
        about = people.main_key(store, somebody(store, said.viewer, contact).id)
    elif account is not None and contact is None:
        about = FIRM + resolve_account(store, said.viewer, account)[0]
    else:
        raise ConfigError(
            "a contact rule is about one contact or one account", remedy="give --contact or --account"
        )
    who = "" if through is None else people.main_key(store, somebody(store, said.viewer, through).id)
    return _decided(store, said, CONTACT_RULE, about, THROUGH if through else NOT_AT_ALL, who)


def accept_finding(store: GraphStore, said: Said, account: str, rule: str) -> Decision:
    """Somebody knows of a finding and lives with it; the number and the finding stay, the page says who accepted it and why.

    Raises:
        NotFoundError: the account is not known, or the finding was not raised there in the latest run.
    """
    identifier, name = resolve_account(store, said.viewer, account)
    row = assessments.assessment(store, scored_run(store).id, identifier) or {}
    raised = [str(name) for name in cast("list[object]", row.get("finding_rules") or [])]
    if rule not in raised:
        raise NotFoundError(f'{name} has no finding "{rule}"', remedy=f"it has {', '.join(raised) or 'none'}")
    return _decided(store, said, ACCEPTED, FIRM + identifier, rule, "")


def take_back(store: GraphStore, said: Said, decision: str, settle: Callable[[GraphStore], object]) -> None:
    """Withdraws a decision; that it was made stays known. Corrections are taken out of the graph by ``settle``.

    Raises:
        NotFoundError: there is no such decision in force.
    """
    if decision not in {d.id for d in decisions(store) if d.kind in KINDS}:
        raise NotFoundError(
            f'there is no decision "{decision}" in force', remedy="graphmap decide list names them"
        )
    with state.writing(store, "graphmap decide", said.now):
        withdraw(store, decision, said.viewer.name, said.now())
        settle(store)


def _decided(store: GraphStore, said: Said, kind: str, about: str, field: str, value: str) -> Decision:
    decision = Decision(
        kind, about, field, value, said.viewer.name, said.now(), said.reason, expires_at=said.until
    )
    with state.writing(store, "graphmap decide", said.now):
        decide(store, decision)
    return decision


def decided(store: GraphStore, at: int, *, account: str | None = None) -> list[DecisionLine]:
    """What is in force at an instant (epoch ms), in the order of deciding; of one account (id) only what names it."""
    found = [d for d in decisions(store) if d.kind in KINDS and (d.expires_at is None or d.expires_at > at)]
    if account is not None:
        found = [d for d in found if d.identity == FIRM + account]
    behind = people.behind(store, [key for d in found for key in (d.identity, d.value) if key])
    names = {i: row[0] for i, row in people.names_of(store, list(behind.values())).items()}
    ids = [d.identity.removeprefix(FIRM) for d in found if d.identity.startswith(FIRM)]
    firms = {str(f["id"]): str(f.get("name") or f["id"]) for f in people.firms_by_id(store, ids)}

    def named(key: str) -> Named:
        if key.startswith(FIRM):
            firm = key.removeprefix(FIRM)
            return Named(firm, firms.get(firm, firm))
        person = behind.get(key, key)
        return Named(person, names.get(person, person))

    return [
        DecisionLine(
            id=d.id,
            about=named(d.identity),
            kind=d.field if d.kind == CONTACT_RULE else d.kind,
            through=named(d.value) if d.kind == CONTACT_RULE and d.field == THROUGH else None,
            rule=d.field if d.kind == ACCEPTED else None,
            field=d.field if d.kind == SET else None,
            value=d.value if d.kind == SET else None,
            author=d.author,
            at=iso(d.at) or "",
            reason=d.reason,
            until=iso(d.expires_at),
        )
        for d in found
    ]
