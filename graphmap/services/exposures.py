"""Which departures would hurt the portfolio most: sets of people under three objectives, never an order of people."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graphmap.config import Settings
from graphmap.errors import ConfigError, NotFoundError, QueryRefusedError
from graphmap.planning.portfolio import Absence, Hurting, Objective, firm_absence, shares_of, worst
from graphmap.scoring.moment import Moment
from graphmap.services.departures import DeparturePage, Leaving, departure_page, loss_ceilings
from graphmap.services.lines import scored_run
from graphmap.services.moments import moment_of, somebody
from graphmap.services.values import Named, ScoringRun, Viewer
from graphmap.store import people
from graphmap.store.graphstore import GraphStore


@dataclass(frozen=True, slots=True)
class ExposedAccount:
    """An account that counts. ``worth`` in the currency (exposure: value x ceiling x their shares; else its value)."""

    account: Named
    worth: float


@dataclass(frozen=True, slots=True)
class AbsenceLine:
    """The fewest people found whose leaving orphans more than half of the weighted contacts; ``orphaned`` 0-100.

    ``at_least``: no smaller number does it. People in alphabetical order.
    """

    people: tuple[Named, ...]
    orphaned: float
    at_least: int


@dataclass(frozen=True, slots=True)
class ExposurePage:
    """A set of people under one objective, in alphabetical order. ``worth`` and ``bound``: no set of k is worth more than that.

    ``currency`` None: no account has a value, each counts 1. ``left_out``: accounts with another currency or without a value.
    """

    run: ScoringRun
    objective: str
    k: int
    people: tuple[Named, ...]
    worth: float
    bound: float
    gap: float
    method: str
    loss: tuple[float, float, float]
    currency: str | None
    left_out: int
    accounts: tuple[ExposedAccount, ...]
    absence: AbsenceLine | None

    @property
    def sentence(self) -> str:
        """The answer in words."""
        who = _listed([one.name for one in self.people])
        together = " together" if len(self.people) > 1 else ""
        if not self.people or self.worth <= 0:
            leaving = "Nobody leaving" if self.k == 1 else f"No {self.k} people leaving together"
            what = (
                "expose a known value"
                if self.objective == "exposure"
                else f"leave an account {self.objective}"
            )
            return f"{leaving} would {what}."
        unit = f" {self.currency}" if self.currency else " accounts"
        sure = "proven the most" if self.gap < 1e-6 else f"within {100 * self.gap:.1f} % of the most possible"
        match self.objective:
            case "exposure":
                low, _, high = (self.worth / self.loss[1] * ceiling for ceiling in self.loss)
                money = (
                    f"{low:,.0f} to {high:,.0f}{unit} a year" if self.currency else f"{self.worth:,.1f}{unit}"
                )
                return f"If {who} left{together}, {money} would stand exposed ({sure}); an exposure, not a forecast."
            case "disturbed":
                what = "accounts in which one of them carries 30 % or more"
            case _:
                what = f"accounts of which they carry 60 % or more{together}"
        return f"If {who} left{together}: {len(self.accounts)} {what}, worth {self.worth:,.0f}{unit} a year ({sure})."


def exposure_page(
    store: GraphStore,
    settings: Settings,
    viewer: Viewer,
    *,
    k: int,
    objective: Objective,
    currency: str | None = None,
) -> ExposurePage:
    """The k people whose leaving together is worth most under the objective, over the latest run.

    Values in several currencies are not added: the most frequent one is taken where none is named.

    Raises:
        ConfigError: k is below 1. NotFoundError: no account has that currency. QueryRefusedError: a rep asks.
        NotScoredError: nothing was scored yet.
    """
    if k < 1:
        raise ConfigError(f"-k {k}: so many people cannot leave", remedy="give a number from 1 on")
    if viewer.role == "rep":
        raise QueryRefusedError(
            "exposure of a portfolio is for managers and reviews", remedy="ask for your own accounts"
        )
    run = scored_run(store)
    moment = moment_of(store, settings, run)
    value, names, unit, left_out = _values(store, viewer, moment, currency)
    ceilings = loss_ceilings(settings)
    table = shares_of(moment, value)
    found = worst(table, k, objective, loss=ceilings[1])
    absence = firm_absence(moment, value)
    return _page(store, moment, run, found, absence, names, objective, k, ceilings, unit, left_out)


def person_exposure(store: GraphStore, settings: Settings, viewer: Viewer, who: str) -> DeparturePage:
    """What hangs on one person, for their own eyes and for managers within their accounts.

    Raises:
        QueryRefusedError: a rep asks about somebody else. NotFoundError: nobody, or several, are known by that.
    """
    person = somebody(store, viewer, who)
    if viewer.role == "rep" and viewer.name not in (person.id, person.name):
        raise QueryRefusedError(
            "what hangs on a colleague is theirs to see", remedy="ask for your own accounts"
        )
    return departure_page(store, settings, viewer, Leaving((person.id,)))


def _values(
    store: GraphStore, viewer: Viewer, moment: Moment, currency: str | None
) -> tuple[NDArray[np.float64], dict[int, str], str | None, int]:
    """Values of the scores' rows in one currency (NaN elsewhere), names by row, the currency, and how many are left out."""
    directory, accounts = moment.directory, moment.scores.accounts
    firms = {str(f["id"]): f for f in people.firms(store)}
    scope = None if viewer.scope is None else set(viewer.scope)
    rows = {
        row: firms.get(directory.firm_ids[account], {})
        for row, account in enumerate(accounts.tolist())
        if scope is None or directory.firm_ids[account] in scope
    }
    known = Counter(
        str(f.get("currency") or "") for f in rows.values() if isinstance(f.get("annual_value"), int | float)
    )
    if currency is not None and currency not in known:
        listed = ", ".join(sorted(c for c in known if c)) or "none"
        raise NotFoundError(f'no account has a value in "{currency}"', remedy=f"there are: {listed}")
    unit = currency if currency is not None else max(sorted(known), key=lambda c: known[c], default=None)
    value = np.full(len(accounts), np.nan)
    for row, firm in rows.items():
        worth = firm.get("annual_value")
        if isinstance(worth, int | float) and str(firm.get("currency") or "") == unit:
            value[row] = float(worth)
        elif unit is None:
            value[row] = 1.0
    names = {row: str(f.get("name") or directory.firm_ids[accounts[row]]) for row, f in rows.items()}
    return value, names, unit, int(len(rows) - np.isfinite(value).sum())


def _page(
    store: GraphStore,
    moment: Moment,
    run: ScoringRun,
    found: Hurting,
    absence: Absence | None,
    names: dict[int, str],
    objective: str,
    k: int,
    ceilings: tuple[float, float, float],
    unit: str | None,
    left_out: int,
) -> ExposurePage:
    directory = moment.directory
    concerned = {*found.people, *(absence.people if absence else ())}
    known = people.names_of(store, [directory.person_ids[i] for i in concerned])

    def named(indexes: tuple[int, ...]) -> tuple[Named, ...]:
        ids = [directory.person_ids[i] for i in indexes]
        told = [Named(i, known[i][0] if i in known else i) for i in ids]
        return tuple(sorted(told, key=lambda one: (one.name.casefold(), one.id)))

    accounts = tuple(
        ExposedAccount(Named(directory.firm_ids[moment.scores.accounts[row]], names[row]), worth)
        for row, worth in found.accounts
        if row in names
    )
    return ExposurePage(
        run=run, objective=objective, k=k, people=named(found.people), worth=found.worth, bound=found.bound,
        gap=found.gap, method=found.method, loss=ceilings, currency=unit or None, left_out=left_out,
        accounts=accounts,
        absence=None if absence is None else AbsenceLine(named(absence.people), 100 * absence.orphaned, absence.at_least),
    )  # fmt: skip


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else "nobody"
