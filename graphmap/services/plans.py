"""Plans that are carried out: stored as decisions, ticked off by people, and measured by new interactions, not by ticks."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from graphmap.errors import NotFoundError
from graphmap.scoring.moment import Moment
from graphmap.services.times import iso
from graphmap.services.values import Named, Viewer
from graphmap.store import people, state
from graphmap.store.decisions import Decision, decide, decisions, withdraw
from graphmap.store.graphstore import GraphStore

PLAN, TICK = "plan", "plan_tick"
DONE = "done"
_MARK = re.compile("\x02([^\x03]*)\x03")


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """One step. ``number`` 1, 2, 3, ... in the order of days; ``done_by`` and ``done_at`` None = not ticked off."""

    number: int
    due: str
    kind: str
    text: str
    done_by: str | None
    done_at: str | None


@dataclass(frozen=True, slots=True)
class Progress:
    """What the records say since the plan was made: ``state`` not_begun, begun (in touch) or carried (an active tie now).

    ``by`` = whoever is in touch most, ``interactions`` how often since, ``last_at`` when last.
    """

    state: str
    by: Named | None
    interactions: int
    last_at: str | None


@dataclass(frozen=True, slots=True)
class PlannedContact:
    """One contact of a plan. ``people``: who was to take over, or to be introduced, with the reason of then."""

    contact: Named
    account: Named
    side: str
    people: tuple[tuple[Named, str], ...]
    steps: tuple[PlannedStep, ...]
    note: str
    progress: Progress


@dataclass(frozen=True, slots=True)
class PlanLine:
    """A plan at a glance. ``kind`` handover or coverage; ``about`` who leaves, or the account that gets introductions."""

    id: str
    kind: str
    about: tuple[Named, ...]
    on: str | None
    author: str
    at: str
    steps: int
    done: int


@dataclass(frozen=True, slots=True)
class PlanPage:
    """A plan with all its steps. ``since`` = the data it was made from; what came later counts as progress."""

    line: PlanLine
    since: str
    contacts: tuple[PlannedContact, ...]

    @property
    def carried(self) -> int:
        """How many contacts have an active tie with somebody of the plan by now, out of new interactions."""
        return sum(one.progress.state == "carried" for one in self.contacts)


@dataclass(frozen=True)
class Entry:
    """One contact of a plan before it is stored; people as ids, texts with people marked by ``marked``."""

    contact: str
    account: str
    side: str
    people: tuple[tuple[str, str], ...]
    steps: tuple[tuple[str, str, str], ...]
    note: str = ""


def marked(person: str) -> str:
    """A person in a stored text: the id between two control characters, so that names are looked up when it is shown."""
    return f"\x02{person}\x03"


def save(
    store: GraphStore,
    viewer: Viewer,
    *,
    kind: str,
    about: Sequence[str],
    on: str | None,
    since: int,
    entries: Sequence[Entry],
    now: Callable[[], int],
) -> str:
    """Stores a plan as a decision and returns its id; the same plan at the same time is one."""
    value = json.dumps(
        {
            "about": list(about),
            "on": on,
            "since": since,
            "entries": [
                {
                    "contact": e.contact, "account": e.account, "side": e.side, "note": e.note,
                    "people": [list(one) for one in e.people], "steps": [list(one) for one in e.steps],
                }
                for e in entries
            ],
        },
        ensure_ascii=False,
    )  # fmt: skip
    with state.writing(store, "graphmap plan save", now):
        decision = Decision(PLAN, f"plan:{kind}", kind, value, viewer.name, now())
        decide(store, decision)
    return decision.id


def tick(
    store: GraphStore, viewer: Viewer, plan: str, number: int, *, done: bool, now: Callable[[], int]
) -> None:
    """Ticks a step off, or takes the tick back. Says nothing about progress.

    Raises:
        NotFoundError: no such plan or step.
    """
    found = _plan(store, plan)
    total = sum(len(entry["steps"]) for entry in json.loads(found.value)["entries"])
    if not 1 <= number <= total:
        raise NotFoundError(f"the plan has no step {number}", remedy=f"its steps are 1 to {total}")
    with state.writing(store, "graphmap plan tick", now):
        for earlier in _ticks(store, plan).get(number, ()):
            withdraw(store, earlier.id, viewer.name, now())
        if done:
            decide(store, Decision(TICK, f"plan:{plan}", str(number), DONE, viewer.name, now()))


def plan_lines(store: GraphStore, viewer: Viewer) -> list[PlanLine]:
    """All plans in the order of making; a limited view sees those that lie within its accounts."""
    found = [d for d in decisions(store) if d.kind == PLAN and _seen(d, viewer)]
    names = _names(store, {who for d in found for who in json.loads(d.value)["about"]})
    return [_line(store, d, names) for d in found]


def plan_page(store: GraphStore, viewer: Viewer, plan: str, moment: Callable[[], Moment]) -> PlanPage:
    """One plan with steps, ticks and progress; ``moment`` gives the numbers of the latest run.

    Raises:
        NotFoundError: no such plan.
    """
    decision = _plan(store, plan)
    if not _seen(decision, viewer):
        raise _unknown(plan)
    told = json.loads(decision.value)
    wanted = set(told["about"])
    for entry in told["entries"]:
        wanted |= {entry["contact"], entry["account"], *(who for who, _ in entry["people"])}
        for text in (*(why for _, why in entry["people"]), *(step[2] for step in entry["steps"])):
            wanted |= set(_MARK.findall(text))
    names = _names(store, wanted)

    def called(identifier: str) -> str:
        if identifier not in names:
            names.update(_names(store, {identifier}))
        return names.get(identifier, identifier)

    ticks = _ticks(store, plan)
    numbers = iter(_numbers(told["entries"]))
    now = moment()
    since = int(told["since"])
    contacts = tuple(_contact(entry, called, numbers, ticks, now, since) for entry in told["entries"])
    return PlanPage(_line(store, decision, names), iso(since) or "", contacts)


def _plan(store: GraphStore, plan: str) -> Decision:
    for decision in decisions(store):
        if decision.kind == PLAN and decision.id == plan:
            return decision
    raise _unknown(plan)


def _unknown(plan: str) -> NotFoundError:
    return NotFoundError(f'there is no plan "{plan}"', remedy="graphmap plan list names them")


def _seen(decision: Decision, viewer: Viewer) -> bool:
    if viewer.scope is None:
        return True
    entries = json.loads(decision.value)["entries"]
    return all(entry["account"] in viewer.scope for entry in entries)


def _ticks(store: GraphStore, plan: str) -> dict[int, list[Decision]]:
    found: dict[int, list[Decision]] = {}
    for decision in decisions(store):
        if decision.kind == TICK and decision.identity == f"plan:{plan}":
            found.setdefault(int(decision.field), []).append(decision)
    return found


def _line(store: GraphStore, decision: Decision, names: Mapping[str, str]) -> PlanLine:
    told = json.loads(decision.value)
    return PlanLine(
        id=decision.id,
        kind=decision.field,
        about=tuple(Named(who, names.get(who, who)) for who in told["about"]),
        on=told["on"],
        author=decision.author,
        at=iso(decision.at) or "",
        steps=sum(len(entry["steps"]) for entry in told["entries"]),
        done=len(_ticks(store, decision.id)),
    )


def _names(store: GraphStore, ids: set[str]) -> dict[str, str]:
    wanted = sorted(ids)
    found = {str(f["id"]): str(f.get("name") or f["id"]) for f in people.firms_by_id(store, wanted)}
    found.update({i: row[0] for i, row in people.names_of(store, wanted).items()})
    return found


def _numbers(entries: Sequence[Mapping[str, Any]]) -> list[int]:
    """The number of every step in the order of contacts: 1, 2, 3, ... by day."""
    due = [step[0] for entry in entries for step in entry["steps"]]
    order = sorted(range(len(due)), key=lambda k: (due[k], k))
    place = {at: number for number, at in enumerate(order, start=1)}
    return [place[k] for k in range(len(due))]


def _contact(
    entry: Mapping[str, Any],
    called: Callable[[str], str],
    numbers: Iterator[int],
    ticks: Mapping[int, Sequence[Decision]],
    now: Moment,
    since: int,
) -> PlannedContact:
    def shown(text: str) -> str:
        return _MARK.sub(lambda found: called(found[1]), text)

    steps: list[PlannedStep] = []
    for due, kind, text in entry["steps"]:
        number = next(numbers)
        done = ticks.get(number, ())
        steps.append(
            PlannedStep(
                number,
                due,
                kind,
                shown(text),
                done[-1].author if done else None,
                iso(done[-1].at) if done else None,
            )
        )

    def named(identifier: str) -> Named:
        return Named(identifier, called(identifier))

    return PlannedContact(
        contact=named(entry["contact"]),
        account=named(entry["account"]),
        side=entry["side"],
        people=tuple((named(who), shown(why)) for who, why in entry["people"]),
        steps=tuple(steps),
        note=entry["note"],
        progress=_progress(entry, called, now, since),
    )


def _progress(entry: Mapping[str, Any], called: Callable[[str], str], now: Moment, since: int) -> Progress:
    directory, log = now.directory, now.log
    account = directory.firm_at(entry["account"])
    contact = directory.person_at(entry["contact"])
    named = [directory.person_at(who) for who, _ in entry["people"]]
    if account is None or contact is None:
        return Progress("not_begun", None, 0, None)
    low, high = log.tie_range(account)
    if entry["side"] == "theirs":
        # Somebody of theirs is followed by a colleague: whoever of ours is in touch with the colleague counts.
        mine = np.isin(log.contact[low:high], [n for n in named if n is not None])
        mine &= now.scores.ties.named[low:high]
    else:
        mine = (log.contact[low:high] == contact) & np.isin(
            log.rep[low:high], [n for n in named if n is not None]
        )
    best: tuple[int, int, int] | None = None
    carried = False
    for tie in (np.flatnonzero(mine) + low).tolist():
        rows = log.touches_of(np.array([tie]))
        at = rows.at[(rows.at > since) & (rows.at <= now.as_of)]
        if not len(at):
            continue
        carried |= bool(now.scores.ties.active[tie])
        if best is None or len(at) > best[0]:
            best = (len(at), int(at.max()), tie)
    if best is None:
        return Progress("not_begun", None, 0, None)
    who = directory.person_ids[log.rep[best[2]]]
    return Progress("carried" if carried else "begun", Named(who, called(who)), best[0], iso(best[1]))
