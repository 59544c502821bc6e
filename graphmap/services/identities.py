"""Who is who: what is to be decided, what was decided, and deciding it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from graphmap.errors import NotFoundError
from graphmap.services.times import iso
from graphmap.services.values import IdentityDecision, IdentityProposal, Named
from graphmap.store import people, state
from graphmap.store.decisions import Decision, decide, decisions, withdraw
from graphmap.store.graphstore import GraphStore
from graphmap.store.proposals import StoredProposal, proposals

JOINED, APART = "joined", "apart"
SETTLES = (JOINED, APART)
"""The kinds of decisions about who is who."""


def waiting(store: GraphStore) -> list[IdentityProposal]:
    """What is to be decided, the surest first, with names, titles and firms of both."""
    stored = proposals(store)
    facts = people.cards(store, sorted({who for p in stored for who in (p.one, p.other)}))
    return [_proposal(p, facts) for p in stored]


def _proposal(p: StoredProposal, facts: dict[str, people.Card]) -> IdentityProposal:
    one, other = (facts.get(who) or people.Card(who, who, "", "", ()) for who in (p.one, p.other))
    return IdentityProposal(
        id=p.id,
        one=Named(one.id, one.name),
        other=Named(other.id, other.name),
        one_is=_said(one),
        other_is=_said(other),
        keys=p.keys,
        score=p.score,
        reasons=p.reasons,
    )


def _said(card: people.Card) -> tuple[str, ...]:
    return tuple(text for text in (card.title, card.firm, *card.addresses[:3]) if text)


def decided(store: GraphStore) -> list[IdentityDecision]:
    """Every decision about who is who, the newest first, withdrawn ones included."""
    found = [d for d in decisions(store, withdrawn=True) if d.kind in SETTLES]
    return [
        IdentityDecision(
            id=d.id,
            kind="joined" if d.kind == JOINED else "apart",
            keys=(d.identity, d.value),
            author=d.author,
            at=iso(d.at) or "",
            reason=d.reason,
            withdrawn_at=iso(d.withdrawn_at),
        )
        for d in reversed(found)
    ]


@dataclass(frozen=True)
class Deciding:
    """Who decides and how the graph follows: ``settle`` resolves it anew."""

    author: str
    reason: str
    now: Callable[[], int]
    settle: Callable[[GraphStore], object]


def decide_identity(store: GraphStore, kind: str, one: str, other: str, how: Deciding) -> Decision:
    """Joins two identities, or keeps them apart, from now on and whatever imports say.

    ``one``, ``other``: an address, an id, an exact name that means one person, or an identity key (``mail:...``, ``id:...``).

    Raises:
        NotFoundError: nobody, or several people, are known by one of them; or both are the same identity.
    """
    keys = _key(store, one), _key(store, other)
    if keys[0] == keys[1]:
        raise NotFoundError(f"{one} and {other} are one identity", remedy="name two different ones")
    decision = Decision(kind, keys[0], "identity", keys[1], how.author, how.now(), how.reason)
    with state.writing(store, "graphmap identity", how.now):
        decide(store, decision)
        how.settle(store)
    return decision


def answer_proposal(store: GraphStore, proposal: str, kind: str, how: Deciding) -> Decision:
    """Decides about a proposal by its id.

    Raises:
        NotFoundError: nothing of that id waits.
    """
    for known in proposals(store):
        if known.id == proposal:
            return decide_identity(store, kind, *known.keys, how)
    raise NotFoundError(
        f"no pair {proposal} waits for a decision", remedy="graphmap identity review lists what does"
    )


def undo_decision(store: GraphStore, decision: str, how: Deciding) -> None:
    """Withdraws a decision; the graph is as if it had never been.

    Raises:
        NotFoundError: there is no such decision in force.
    """
    if decision not in {d.id for d in decisions(store) if d.kind in SETTLES}:
        raise NotFoundError(
            f"there is no decision {decision} in force", remedy="graphmap identity log lists them"
        )
    with state.writing(store, "graphmap identity undo", how.now):
        withdraw(store, decision, how.author, how.now())
        how.settle(store)


def _key(store: GraphStore, who: str) -> str:
    for key in (who, f"id:{who}", f"mail:{who.strip().lower()}"):
        if people.has_identity(store, key):
            return key
    if who.startswith("record:"):
        return who
    found = people.find_people(store, who)
    if len(found) == 1:
        keys = people.keys_of(store, found[0][0])
        return next((key for key in keys if key.startswith("id:")), keys[0])
    listed = ", ".join(f"{name} ({identifier})" for identifier, name in found)
    message = f'nobody is known as "{who}"' if not found else f'"{who}" means {len(found)} people: {listed}'
    raise NotFoundError(message, remedy="give an address, an id, or a name that only one person has")
