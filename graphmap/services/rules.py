"""Contact rules as plans and paths read them: who may get in touch with whom, through whom and until when."""

from __future__ import annotations

from graphmap.planning.handover import ContactRule
from graphmap.scoring.moment import Moment
from graphmap.store import people
from graphmap.store.decisions import Decision, decisions
from graphmap.store.graphstore import GraphStore

CONTACT_RULE = "contact_rule"
FIRM = "firm:"
"""How the identity of a rule about an account begins; all others are keys of people."""
NOT_AT_ALL, THROUGH = "not_at_all", "through"


def in_force(store: GraphStore, at: int) -> list[Decision]:
    """The rules that stand at an instant (epoch ms), in the order of deciding."""
    return [
        d for d in decisions(store) if d.kind == CONTACT_RULE and (d.expires_at is None or d.expires_at > at)
    ]


def contact_rules(store: GraphStore, moment: Moment, at: int) -> dict[int, ContactRule]:
    """The rules by contact (index of the directory): an account's holds for everybody there, a contact's own wins."""
    directory, rules = moment.directory, in_force(store, at)
    behind = people.behind(store, [key for d in rules for key in (d.identity, d.value)])
    found: dict[int, ContactRule] = {}
    for decision in sorted(rules, key=lambda d: not d.identity.startswith(FIRM)):
        through = None
        if decision.field == THROUGH:
            through = directory.person_at(behind.get(decision.value, ""))
            if through is None:
                continue
        for contact in _concerned(moment, decision.identity, behind):
            found[contact] = ContactRule(through)
    return found


def _concerned(moment: Moment, about: str, behind: dict[str, str]) -> list[int]:
    directory = moment.directory
    if about.startswith(FIRM):
        firm = directory.firm_at(about.removeprefix(FIRM))
        return [] if firm is None else directory.person[directory.firm == firm].tolist()
    contact = directory.person_at(behind.get(about, ""))
    return [] if contact is None else [contact]
