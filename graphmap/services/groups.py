"""A parent firm with everything that is part of it, as one account: nothing counts twice, a person is one person."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from graphmap.config import Settings
from graphmap.scoring.moment import Moment, moment_at
from graphmap.scoring.ties import sum_ties
from graphmap.services import touchdata
from graphmap.services.accountpage import resolve_account
from graphmap.services.capturing import completeness_of
from graphmap.services.departures import Standing, standing
from graphmap.services.lines import scored_run
from graphmap.services.moments import moment_of
from graphmap.services.values import Named, ScoringRun, Viewer
from graphmap.store import people
from graphmap.store.graphstore import GraphStore


@dataclass(frozen=True, slots=True)
class Member:
    """One account of a group as it stands alone."""

    account: Named
    value: float | None
    currency: str | None
    standing: Standing


@dataclass(frozen=True, slots=True)
class Serving:
    """Somebody with an active tie at two or more accounts of the group; ``ours`` False: one of theirs."""

    person: Named
    ours: bool
    accounts: tuple[Named, ...]


@dataclass(frozen=True, slots=True)
class GroupPage:
    """A group as one account. ``values``: (sum, currency) over its accounts, each once."""

    run: ScoringRun
    group: Named
    whole: Standing
    top_rep: Named | None
    active_reps: int
    active_contacts: int
    connectivity: int
    interactions: int
    values: tuple[tuple[float, str], ...]
    members: tuple[Member, ...]
    serving: tuple[Serving, ...]

    @property
    def sentence(self) -> str:
        """The group in a sentence."""
        firms = f"{self.group.name} and what is part of it: {len(self.members)} account{'' if len(self.members) == 1 else 's'}"
        if self.whole.dependence is None or self.top_rep is None:
            return f"{firms}, no data."
        known = "" if self.whole.status == "ok" else " (not known yet)"
        return f"{firms}; {self.whole.dependence:.0f} % of the relationship runs through {self.top_rep.name}{known}."


def group_page(store: GraphStore, settings: Settings, viewer: Viewer, account: str) -> GroupPage:
    """The group that an account belongs to, from its topmost parent down.

    Raises:
        NotFoundError: the account is not known, or one of the group is outside the viewer's accounts. NotScoredError: no run.
    """
    identifier, _ = resolve_account(store, viewer, account)
    run = scored_run(store)
    moment = moment_of(store, settings, run)
    above = people.parents(store)
    top = _top(identifier, above)
    directory = moment.directory
    members = [firm for firm in directory.firm_ids if _top(firm, above) == top]
    for firm in members:
        if viewer.scope is not None and firm not in viewer.scope:
            resolve_account(store, viewer, firm)  # says that it is not there
    index = {firm: k for k, firm in enumerate(directory.firm_ids)}
    root = np.arange(len(directory.firm_ids), dtype=np.int32)
    root[[index[firm] for firm in members]] = index[top]
    data = touchdata.load(store, settings)
    log, whole = touchdata.rolled_up(data, root, settings.whole("scoring.max_contacts"))
    sums = sum_ties(log, moment.formula, moment.as_of)
    captured = completeness_of(store, log, sums, whole, moment.as_of)
    rolled = moment_at(log, sums, whole, moment.formula, moment.as_of, moment.baseline, captured)
    return _page(store, run, moment, rolled, members, index, top)


def _top(firm: str, above: dict[str, str]) -> str:
    """The topmost parent; a circle of parents stands for its smallest id."""
    seen = [firm]
    while seen[-1] in above and above[seen[-1]] not in seen:
        seen.append(above[seen[-1]])
    return min(seen[seen.index(above[seen[-1]]) :]) if seen[-1] in above else seen[-1]


def _page(
    store: GraphStore,
    run: ScoringRun,
    moment: Moment,
    rolled: Moment,
    members: list[str],
    index: dict[str, int],
    top: str,
) -> GroupPage:
    firms = {str(f["id"]): f for f in people.firms_by_id(store, members)}
    rows = {int(a): k for k, a in enumerate(moment.scores.accounts)}
    named = {firm: Named(firm, str(firms.get(firm, {}).get("name") or firm)) for firm in members}
    listed = [firm for firm in members if index[firm] in rows]
    sums: dict[str, float] = defaultdict(float)
    told: list[Member] = []
    for firm in listed:
        known = firms.get(firm, {})
        value, currency = known.get("annual_value"), known.get("currency")
        amount = float(value) if isinstance(value, int | float) else None
        if amount is not None:
            sums[str(currency or "")] += amount
        told.append(
            Member(
                named[firm],
                amount,
                None if currency is None else str(currency),
                standing(moment, rows[index[firm]]),
            )
        )
    place = np.flatnonzero(rolled.scores.accounts == index[top])
    scores = rolled.scores
    row = int(place[0]) if len(place) else -1
    best = int(scores.top_rep[row]) if row >= 0 else -1
    serving = _serving(moment, listed, index)
    ids = moment.directory.person_ids
    called = people.names_of(store, [ids[i] for i in ({i for i, _ in serving} | {best}) - {-1}])

    def person(i: int) -> Named:
        return Named(ids[i], called[ids[i]][0] if ids[i] in called else ids[i])

    lines = [
        Serving(person(i), ours, tuple(named[firm] for firm in where))
        for (i, ours), where in sorted(serving.items())
    ]
    nothing = standing(moment, rows[index[listed[0]]]) if listed else None
    return GroupPage(
        run=run, group=named[top],
        whole=standing(rolled, row) if row >= 0 or nothing is None else nothing,
        top_rep=person(best) if best >= 0 else None,
        active_reps=int(scores.active_reps[row]) if row >= 0 else 0,
        active_contacts=int(scores.active_contacts[row]) if row >= 0 else 0,
        connectivity=int(scores.connectivity[row]) if row >= 0 else 0,
        interactions=int(scores.interactions[row]) if row >= 0 else 0,
        values=tuple((amount, currency) for currency, amount in sorted(sums.items())),
        members=tuple(told),
        serving=tuple(sorted(lines, key=lambda one: (not one.ours, one.person.name.casefold(), one.person.id))),
    )  # fmt: skip


def _serving(moment: Moment, members: list[str], index: dict[str, int]) -> dict[tuple[int, bool], list[str]]:
    """Who has active ties at two or more of the accounts: ours and theirs."""
    found: dict[tuple[int, bool], list[str]] = defaultdict(list)
    for firm in members:
        low, high = moment.log.tie_range(index[firm])
        active = moment.scores.ties.active[low:high]
        for column, ours in ((moment.log.rep, True), (moment.log.contact, False)):
            for who in np.unique(column[low:high][active]).tolist():
                found[int(who), ours].append(firm)
    return {who: firms for who, firms in found.items() if len(firms) > 1}
