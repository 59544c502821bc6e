"""What if they leave: who leaves, which accounts that touches, and how each stands before and after."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from graphmap.config import Settings
from graphmap.errors import ConfigError, NotFoundError
from graphmap.planning.departure import Departure, JointRetention, Losses, depart
from graphmap.scoring.moment import Moment
from graphmap.scoring.portfolio import STATUS
from graphmap.services.handovers import UNNAMED, HandoverLine, day_text, handover_plan
from graphmap.services.lines import scored_run
from graphmap.services.moments import moment_of, somebody
from graphmap.services.values import Named, ScoringRun, Split, Viewer
from graphmap.store import people
from graphmap.store.graphstore import GraphStore

_EPOCH = datetime.date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Standing:
    """How an account stands: percentages 0-100, None = not known. ``lower``, ``upper``: the interval of 90 %."""

    dependence: float | None
    lower: float | None
    upper: float | None
    band: str | None
    status: str
    split: Split


@dataclass(frozen=True, slots=True)
class Exposure:
    """Annual value times loss ceiling times the share that leaves, at three ceilings; exposed, never a forecast."""

    low: float
    middle: float
    high: float
    currency: str | None


@dataclass(frozen=True, slots=True)
class Covered:
    """A contact who loses an active tie and keeps one; ``by`` = whoever of ours stays with the strongest."""

    contact: Named
    by: Named


@dataclass(frozen=True, slots=True)
class Through:
    """Somebody of ours with a tie at an account: the sum of strengths, whether one is active, whether they leave."""

    person: Named
    strength: float
    active: bool
    leaves: bool


@dataclass(frozen=True, slots=True)
class DepartureLine:
    """One account that the leaving people touch. ``retained`` 0-100: what stays of today's whole.

    ``through``: everybody of ours there today, in the order of names.
    """

    id: str
    name: str
    before: Standing
    after: Standing
    retained: float | None
    exposure: Exposure | None
    orphaned_contacts: tuple[Named, ...]
    covered_contacts: tuple[Covered, ...]
    through: tuple[Through, ...]
    value: float | None
    currency: str | None

    @property
    def staying(self) -> tuple[Named, ...]:
        """Everybody of ours who keeps an active tie there."""
        return tuple(one.person for one in self.through if one.active and not one.leaves)

    @property
    def left(self) -> int:
        """How many those are."""
        return len(self.staying)


@dataclass(frozen=True, slots=True)
class DeparturePage:
    """A simulated departure. Accounts in the order of their ids; nothing of it was written."""

    run: ScoringRun
    leaving: tuple[Named, ...]
    lines: tuple[DepartureLine, ...]
    joint: str
    loss: tuple[float, float, float]
    """The loss ceilings used: low, middle, high."""
    on: str
    """The last day that the plan is dated to, YYYY-MM-DD."""
    plan: tuple[HandoverLine, ...]

    @property
    def sentence(self) -> str:
        """The departure in two sentences."""
        who = " and ".join(one.name for one in self.leaving) or "nobody"
        orphans = sum(len(line.orphaned_contacts) for line in self.lines)
        moved = sum(line.before.band != line.after.band for line in self.lines)
        sums: dict[str, list[float]] = {}
        for line in self.lines:
            if line.exposure is not None:
                money = sums.setdefault(line.exposure.currency or "", [0.0, 0.0])
                money[0] += line.exposure.low
                money[1] += line.exposure.high
        exposed = "; ".join(
            f"{low:,.0f} to {high:,.0f} {currency}".strip() for currency, (low, high) in sorted(sums.items())
        )
        touched, alone = _count(len(self.lines), "account"), _count(orphans, "contact")
        told = f"If {who} left: {touched} touched, {moved} in another band, {alone} with nobody of ours."
        return f"{told} Exposed a year: {exposed}; an exposure, not a forecast." if exposed else told


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


@dataclass(frozen=True, slots=True)
class Leaving:
    """Whom to imagine gone: people by id, address or name, and whole teams or departments of ours."""

    who: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    departments: tuple[str, ...] = ()


def departure_page(
    store: GraphStore,
    settings: Settings,
    viewer: Viewer,
    leaving: Leaving,
    joint: JointRetention = "linear",
    on: datetime.date | None = None,
) -> DeparturePage:
    """Simulates a departure on the day of the latest run's T; ``on`` only dates the plan (planning.notice_days after T if None).

    Raises:
        NotFoundError: somebody is not known, or a team or department has nobody who works for us now.
        NotScoredError: nothing was scored yet. ConfigError: the loss ceilings are not in order.
    """
    run = scored_run(store)
    moment = moment_of(store, settings, run)
    chosen = chosen_people(store, viewer, leaving, moment)
    found = depart(moment, [index for index, _ in chosen], joint)
    named = tuple(one for _, one in chosen)
    last = moment.day + settings.whole("planning.notice_days") if on is None else (on - _EPOCH).days
    return _page(store, settings, viewer, run, found, named, joint, last)


@dataclass(frozen=True, slots=True)
class DeparturePlan:
    """The handover plan alone. ``leaving`` ids; ``since`` T in epoch ms; sentences write people as they were asked to."""

    leaving: tuple[str, ...]
    on: str
    since: int
    lines: tuple[HandoverLine, ...]


def departure_plan(
    store: GraphStore,
    settings: Settings,
    viewer: Viewer,
    leaving: Leaving,
    *,
    on: datetime.date | None,
    called: Callable[[str], str],
) -> DeparturePlan:
    """The plan for these people leaving, with ``called`` saying how a person (id) is written in its sentences."""
    moment = moment_of(store, settings, scored_run(store))
    chosen = chosen_people(store, viewer, leaving, moment)
    last = moment.day + settings.whole("planning.notice_days") if on is None else (on - _EPOCH).days
    scope = None if viewer.scope is None else set(viewer.scope)
    found = depart(moment, [index for index, _ in chosen])
    lines = handover_plan(store, settings, found, on=last, scope=scope, called=called)
    return DeparturePlan(tuple(one.id for _, one in chosen), day_text(last), moment.as_of, lines)


def loss_ceilings(settings: Settings) -> tuple[float, float, float]:
    """What part of an account's value is taken to hang on its people: low, middle, high (science: 0.15, 0.30, 0.50).

    Raises:
        ConfigError: they are not in order.
    """
    low, middle, high = (settings.number(f"planning.loss_{name}") for name in ("low", "middle", "high"))
    if not low <= middle <= high:
        raise ConfigError(
            f"planning.loss_low, planning.loss_middle and planning.loss_high are {low}, {middle} and {high}",
            remedy="write them in rising order, each 0 to 1",
        )
    return low, middle, high


def chosen_people(
    store: GraphStore, viewer: Viewer, leaving: Leaving, moment: Moment
) -> list[tuple[int, Named]]:
    """The people meant, each once, by id, with their index in the directory."""
    named: dict[str, Named] = {}
    for who in leaving.who:
        one = somebody(store, viewer, who)
        named[one.id] = one
    for field, wanted in (("team", leaving.teams), ("department", leaving.departments)):
        for group in wanted:
            members = [Named(*row) for row in people.colleagues_of(store, field, group)]
            members = [m for m in members if _is_here(moment, m.id)]
            if not members:
                raise NotFoundError(
                    f'nobody who works for us now is in the {field} "{group}"',
                    remedy=f"write the {field} as it stands in your data",
                )
            named.update({member.id: member for member in members})
    found: list[tuple[int, Named]] = []
    for identifier in sorted(named):
        index = moment.directory.person_at(identifier)
        if index is not None:
            found.append((index, named[identifier]))
    return found


def _is_here(moment: Moment, person: str) -> bool:
    index = moment.directory.person_at(person)
    if index is None:
        return False
    return not bool(moment.directory.rep_left(np.array([index], dtype=np.int32), moment.day)[0])


def _page(
    store: GraphStore,
    settings: Settings,
    viewer: Viewer,
    run: ScoringRun,
    found: Departure,
    leaving: tuple[Named, ...],
    joint: str,
    on: int,
) -> DeparturePage:
    ceilings = loss_ceilings(settings)
    directory = found.before.directory
    firms = {
        str(f["id"]): f
        for f in people.firms_by_id(store, [directory.firm_ids[x.account] for x in found.losses])
    }
    names = _names(store, found)
    scope = None if viewer.scope is None else set(viewer.scope)
    lines: list[DepartureLine] = []
    for losses in found.losses:
        firm = directory.firm_ids[losses.account]
        if scope is not None and firm not in scope:
            continue
        known = firms.get(firm, {})
        retained = None if np.isnan(losses.retained) else 100 * losses.retained
        lines.append(
            DepartureLine(
                id=firm,
                name=str(known.get("name") or firm),
                before=standing(found.before, losses.row),
                after=standing(found.after, losses.row),
                retained=retained,
                exposure=_exposure(known.get("annual_value"), known.get("currency"), losses, ceilings),
                orphaned_contacts=tuple(names[c] for c in losses.orphaned),
                covered_contacts=tuple(Covered(names[c], names[by]) for c, by in losses.covered),
                through=_through(found, losses.account, names),
                value=_amount(known.get("annual_value")),
                currency=None if known.get("currency") is None else str(known["currency"]),
            )
        )
    plan = handover_plan(store, settings, found, on=on, scope=scope)
    return DeparturePage(run, leaving, tuple(lines), joint, ceilings, day_text(on), plan)


def _amount(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def _there(found: Departure, account: int) -> list[int]:
    """Rows of the (account, rep) table of those who have a tie at an account today."""
    reps = found.before.scores.reps
    low, high = np.searchsorted(reps.account, [account, account + 1])
    return [row for row in range(int(low), int(high)) if reps.strength[row] > 0]


def _through(found: Departure, account: int, names: dict[int, Named]) -> tuple[Through, ...]:
    reps = found.before.scores.reps
    told = [
        Through(
            names[int(reps.rep[row])],
            float(reps.strength[row]),
            bool(reps.active[row]),
            int(reps.rep[row]) in found.leaving,
        )
        for row in _there(found, account)
    ]
    return tuple(sorted(told, key=lambda one: (one.person.name.casefold(), one.person.id)))


def _names(store: GraphStore, found: Departure) -> dict[int, Named]:
    directory = found.before.directory
    indexes = {i for x in found.losses for i in (*x.orphaned, *(i for pair in x.covered for i in pair))}
    indexes |= {
        int(found.before.scores.reps.rep[row]) for x in found.losses for row in _there(found, x.account)
    }
    known = people.names_of(store, [directory.person_ids[i] for i in sorted(indexes)])
    return {i: _named(directory.person_ids[i], known, unnamed=directory.unnamed_of[i] >= 0) for i in indexes}


def _named(
    person: str, known: dict[str, tuple[str, str | None, str | None, int | None]], *, unnamed: bool
) -> Named:
    if unnamed:
        return Named(person, UNNAMED)
    return Named(person, known[person][0] if person in known else person)


def standing(moment: Moment, row: int) -> Standing:
    """One row of the scores as the contract says it."""
    scores = moment.scores
    if STATUS[scores.status[row]] == "no_data":
        return Standing(None, None, None, None, "no_data", Split(None, None, None))
    share = float(scores.dependence[row])
    return Standing(
        dependence=100 * share,
        lower=100 * float(scores.lower[row]),
        upper=100 * float(scores.upper[row]),
        band=scores.band[row],
        status=STATUS[scores.status[row]],
        split=Split(100 * share, 100 * float(scores.other_reps[row]), 100 * float(scores.firm[row])),
    )


def _exposure(value: object, currency: object, losses: Losses, ceilings: Iterable[float]) -> Exposure | None:
    if not isinstance(value, int | float) or np.isnan(losses.retained):
        return None
    leaves = float(value) * (1 - losses.retained)
    low, middle, high = (leaves * ceiling for ceiling in ceilings)
    return Exposure(low, middle, high, None if currency is None else str(currency))
