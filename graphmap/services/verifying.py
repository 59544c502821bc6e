"""People about whom somebody should look whether what is known still holds: silent ones, returned mail, another title."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from graphmap.config import Settings
from graphmap.days import day_of
from graphmap.scoring.formula import DAY_MS
from graphmap.scoring.silence import Silence, silent_contacts, silent_reps
from graphmap.services.lines import scored_run
from graphmap.services.moments import moment_of, somebody
from graphmap.services.values import Named, ScoringRun, Viewer
from graphmap.store import interactions, lifecycle, people, state
from graphmap.store.decisions import Decision, decide, decisions
from graphmap.store.graphstore import GraphStore

Why = Literal["silent", "returned", "title_changed"]
STILL_THERE = "still_there"
"""The kind of decision that says: looked at, they still work there in the same part."""


@dataclass(frozen=True, slots=True)
class Verify:
    """A person to look at, and why in one sentence; ``at`` None for one of ours, ``since`` ISO day."""

    person: Named
    at: Named | None
    why: Why
    since: str
    sentence: str


@dataclass(frozen=True, slots=True)
class VerifyPage:
    """Everybody to look at, by name of the firm and person; ``silent_days`` from when silence counts."""

    run: ScoringRun
    people: tuple[Verify, ...]
    silent_days: int


def verify_page(store: GraphStore, settings: Settings, viewer: Viewer) -> VerifyPage:
    """Who may not be there any more or may do something else, as the records stand. Nothing is stored or ended by it.

    Raises:
        NotScoredError: nothing was scored yet.
    """
    run = scored_run(store)
    moment = moment_of(store, settings, run)
    days, answers = settings.whole("lifecycle.silent_days"), settings.whole("lifecycle.answers")
    theirs, ours = silent_contacts(moment, days, answers), silent_reps(moment, days, answers)
    since = moment.as_of - days * DAY_MS
    changes = lifecycle.title_changes(store, since)
    back = _returned(store)
    ids, firms = moment.directory.person_ids, moment.directory.firm_ids
    everybody = {*(ids[s.person] for s in (*theirs, *ours)), *(c.person for c in changes), *back}
    scope = _Scope(store, viewer, everybody)
    found = [
        *(_silent(s, ids[s.person], None if s.account is None else firms[s.account], scope) for s in (*theirs, *ours)),
        *(
            scope.verify(c.person, "title_changed", day_of(c.at), f'The title in {c.source} changed from "{c.before}" to "{c.after}".')
            for c in changes
            if not same_title(c.before, c.after)
        ),
        *(
            scope.verify(who, "returned", day, f"A mail to {address} came back on {day}, and none has come from there since.")
            for who, (address, day) in back.items()
        ),
    ]  # fmt: skip
    seen = _seen(store)
    # Whoever was seen after a sign is settled; whoever is silent is asked about again after as long a silence.
    kept = [
        one
        for one in found
        if one is not None
        and seen.get(one.person.id, "") < (day_of(since) if one.why == "silent" else one.since)
    ]
    kept.sort(key=lambda one: (one.at is None, one.at.name if one.at else "", one.person.name, one.why))
    return VerifyPage(run, tuple(kept), days)


def _silent(one: Silence, who: str, account: str | None, scope: _Scope) -> Verify | None:
    day = day_of(one.last_at)
    if account is None:
        return scope.verify(
            who,
            "silent",
            day,
            f"No interaction with any account since {day}, and no source says that they left.",
        )
    tried = ""
    if one.tried:
        tried = "; one mail of ours since" if one.tried == 1 else f"; {one.tried} mails of ours since"
    others = "; others at the account were in touch since" if one.others else ""
    return scope.verify(
        who, "silent", day, f"No answer, call, meeting or order since {day}{tried}{others}.", account
    )


class _Scope:
    """Names and firms of the people concerned, and what a viewer may see of them."""

    def __init__(self, store: GraphStore, viewer: Viewer, everybody: Iterable[str]) -> None:
        ids = sorted(everybody)
        self._names = people.names_of(store, ids)
        self._scope = None if viewer.scope is None else set(viewer.scope)
        self._work: dict[str, list[tuple[str, str]]] = {}
        for who, firm, kind in people.employers(store, ids):
            self._work.setdefault(who, []).append((firm, kind))
        wanted = {firm for work in self._work.values() for firm, _ in work}
        self._firms = {
            str(f["id"]): str(f.get("name") or f["id"]) for f in people.firms_by_id(store, sorted(wanted))
        }

    def verify(
        self,
        who: str,
        why: Why,
        since: str,
        sentence: str,
        account: str | None = None,
    ) -> Verify | None:
        """A person to look at; None where the viewer may not see them."""
        work = self._work.get(who, [])
        if account is None:
            account = next((firm for firm, kind in work if kind != "own"), None)
        ours = any(kind == "own" for _, kind in work) and account is None
        if who not in self._names or (self._scope is not None and (ours or account not in self._scope)):
            return None
        at = None if account is None else Named(account, self._firms.get(account, account))
        return Verify(Named(who, self._names[who][0]), at, why, since, sentence)


def _returned(store: GraphStore) -> dict[str, tuple[str, str]]:
    """Person -> address and last day for addresses that mails came back from and that have not written since."""
    days = lifecycle.returned(store)
    holders = lifecycle.people_of_addresses(store, sorted(days))
    written = interactions.last_written(store, [f"mail:{address}" for address in holders])
    found: dict[str, tuple[str, str]] = {}
    for address, who in sorted(holders.items()):
        day = days[address][-1]
        last = written.get(f"mail:{address}")
        if last is None or day_of(last) < day:
            found[who] = (address, day)
    return found


_SHORT = {
    "sr": "senior", "jr": "junior", "vp": "vice president", "svp": "senior vice president", "evp": "executive vice president",
    "dir": "director", "mgr": "manager", "asst": "assistant", "eng": "engineer", "exec": "executive", "ceo": "chief executive officer",
    "cfo": "chief financial officer", "cto": "chief technology officer", "cio": "chief information officer",
    "coo": "chief operating officer",
}  # fmt: skip
_SMALL = frozenset({"of", "the", "and", "for", "in"})


def same_title(one: str, other: str) -> bool:
    """Whether two titles differ in nothing but case, punctuation, order of words or a usual abbreviation.

    >>> same_title("Sr. Buyer", "senior buyer"), same_title("VP, Sales", "Vice President of Sales")
    (True, True)
    >>> same_title("Buyer", "Head of Purchasing")
    False
    """
    return _words(one) == _words(other)


def _words(title: str) -> list[str]:
    words: list[str] = re.findall(r"\w+", title.casefold())
    return sorted(w for word in words for w in _SHORT.get(word, word).split() if w not in _SMALL)


def _seen(store: GraphStore) -> dict[str, str]:
    """Person -> the last day on which somebody said that they are still there."""
    said = {d.identity: d.value for d in decisions(store) if d.kind == STILL_THERE}
    holders = people.behind(store, sorted(said))
    found: dict[str, str] = {}
    for key, who in holders.items():
        found[who] = max(found.get(who, ""), said[key])
    return found


def still_there(
    store: GraphStore, viewer: Viewer, who: str, *, reason: str, now: Callable[[], int]
) -> Decision:
    """Keeps that somebody looked today and the person still works there in the same part.

    Raises:
        NotFoundError: nobody, or several people, are known by ``who``.
    """
    person = somebody(store, viewer, who)
    at = now()
    key = people.main_key(store, person.id)
    decision = Decision(STILL_THERE, key, "person", day_of(at), viewer.name, at, reason)
    with state.writing(store, "graphmap person set", now):
        decide(store, decision)
    return decision
