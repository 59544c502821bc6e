"""What changed between two days, and how the dependence of an account went: the same numbers at other instants."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

import numpy as np

from graphmap.config import Settings
from graphmap.errors import ConfigError
from graphmap.scoring.capture import withheld
from graphmap.scoring.formula import DAY_MS
from graphmap.scoring.moment import Moment
from graphmap.scoring.portfolio import STATUS, score
from graphmap.scoring.ties import sum_ties
from graphmap.scoring.trend import change, direction, month_ends, score_at, slope, window_start
from graphmap.services.accountpage import resolve_account
from graphmap.services.lines import scored_run
from graphmap.services.moments import moment_of
from graphmap.services.scoringrun import Scored, assessment_rows, with_capture
from graphmap.services.times import iso
from graphmap.services.touchdata import load
from graphmap.services.values import Named, ScoringRun, Viewer
from graphmap.store import people
from graphmap.store.graphstore import GraphStore

SEVERITIES = ("positive", "info", "watch", "high", "critical")
"""From the mildest; ``blocks`` stands beside them."""


@dataclass(frozen=True, slots=True)
class Then:
    """An account at one of the two instants; percentages 0-100, None = not known. ``lower``, ``upper``: the interval of 90 %."""

    status: str
    band: str | None
    dependence: float | None
    lower: float | None
    upper: float | None


@dataclass(frozen=True, slots=True)
class ChangedAccount:
    """What became of an account: findings (rule names) that are new, resolved, worse or better, and the numbers of both days."""

    account: Named
    before: Then
    after: Then
    new: tuple[str, ...]
    resolved: tuple[str, ...]
    worse: tuple[str, ...]
    better: tuple[str, ...]

    @property
    def changed(self) -> bool:
        """Whether anything is to be told."""
        moved = (self.before.status, self.before.band) != (self.after.status, self.after.band)
        return moved or bool(self.new or self.resolved or self.worse or self.better)


@dataclass(frozen=True, slots=True)
class ComparePage:
    """Two instants under the formula and baseline of the latest run; only accounts of which something changed, by id."""

    run: ScoringRun
    before: str
    after: str
    accounts: tuple[ChangedAccount, ...]

    def count(self, what: str) -> int:
        """How many accounts have new, resolved, worse or better findings."""
        return sum(bool(getattr(one, what)) for one in self.accounts)


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """One month end (or the data's end): percentages 0-100, None = no data. ``status`` ok, unknown or no_data."""

    at: str
    dependence: float | None
    lower: float | None
    upper: float | None
    status: str


@dataclass(frozen=True, slots=True)
class TrendPage:
    """How the dependence went. ``change``: points within 90 days, None where either end has too little data.

    ``direction``: rising or falling where the change is 10 points or more and larger than the noise, else steady, else unknown.
    ``slope``: Theil-Sen, points per 30 days over the months that are known. ``reps_known``, ``reps_connected``: of ours here and
    of those with a connected mailbox or calendar; None where nobody's is.
    """

    run: ScoringRun
    account: Named
    points: tuple[TrendPoint, ...]
    change: float | None
    direction: str
    slope: float | None
    reps_known: int | None = None
    reps_connected: int | None = None


def end_of_day(day: datetime.date) -> int:
    """The last millisecond (UTC) of a day.

    >>> end_of_day(datetime.date(1970, 1, 1))
    86399999
    """
    return ((day - datetime.date(1970, 1, 1)).days + 1) * DAY_MS - 1


def compare_page(
    store: GraphStore, settings: Settings, viewer: Viewer, before: datetime.date, after: datetime.date
) -> ComparePage:
    """What changed between the ends of two days, computed anew from the records as they are.

    Raises:
        ConfigError: the second day is not after the first. NotScoredError: nothing was scored yet.
    """
    if after <= before:
        raise ConfigError(
            f"{after} is not after {before}",
            remedy="give the earlier day first: compare 2026-03-31 2026-06-30",
        )
    run = scored_run(store)
    moment = moment_of(store, settings, run)
    one, other = (rows_of(store, settings, moment, end_of_day(day)) for day in (before, after))
    told = differences(store, viewer, one, other)
    return ComparePage(run, iso(end_of_day(before)) or "", iso(end_of_day(after)) or "", told)


def differences(
    store: GraphStore,
    viewer: Viewer,
    before: Mapping[str, Mapping[str, object]],
    after: Mapping[str, Mapping[str, object]],
) -> tuple[ChangedAccount, ...]:
    """The accounts in the viewer's scope whose assessments tell something else, by id."""
    names = {str(f["id"]): str(f.get("name") or f["id"]) for f in people.firms(store)}
    scope = None if viewer.scope is None else set(viewer.scope)
    found = [
        _changed(Named(firm, names.get(firm, firm)), before[firm], after[firm])
        for firm in sorted(after)
        if firm in before and (scope is None or firm in scope)
    ]
    return tuple(account for account in found if account.changed)


def rows_at(
    store: GraphStore, settings: Settings, run: ScoringRun, as_of: int
) -> dict[str, dict[str, object]]:
    """What a scoring run with this run's formula and baseline would store at an instant, by account; nothing is stored."""
    return rows_of(store, settings, moment_of(store, settings, run), as_of)


def rows_of(
    store: GraphStore, settings: Settings, moment: Moment, as_of: int
) -> dict[str, dict[str, object]]:
    """What a scoring run with this moment's formula and baseline would store at an instant, by account."""
    data = load(store, settings)
    sums = sum_ties(moment.log, moment.formula, as_of)
    scores = score(moment.log, sums, moment.directory, moment.formula, as_of, moment.baseline)
    scored = with_capture(store, Scored(data, sums, scores, moment.formula, as_of, moment.baseline, None))
    return {str(row["firm"]): row for row in assessment_rows(store, settings, scored, "")}


def _changed(account: Named, before: Mapping[str, object], after: Mapping[str, object]) -> ChangedAccount:
    was, now = _findings(before), _findings(after)
    both = sorted(was.keys() & now.keys())
    return ChangedAccount(
        account,
        _then(before),
        _then(after),
        new=tuple(sorted(now.keys() - was.keys())),
        resolved=tuple(sorted(was.keys() - now.keys())),
        worse=tuple(rule for rule in both if _rank(now[rule]) > _rank(was[rule])),
        better=tuple(rule for rule in both if _rank(now[rule]) < _rank(was[rule])),
    )


def _findings(row: Mapping[str, object]) -> dict[str, str]:
    rules = cast("list[str]", row.get("finding_rules") or [])
    severities = cast("list[str]", row.get("finding_severities") or [])
    return dict(zip(rules, severities, strict=True))


def _rank(severity: str) -> int:
    return SEVERITIES.index(severity) if severity in SEVERITIES else len(SEVERITIES)


def _then(row: Mapping[str, object]) -> Then:
    numbers = (row.get(name) for name in ("dependence", "lower", "upper"))
    return Then(
        str(row["status"]),
        None if row.get("band") is None else str(row["band"]),
        *(float(number) if isinstance(number, int | float) else None for number in numbers),
    )


def trend_page(
    store: GraphStore, settings: Settings, viewer: Viewer, account: str, months: int = 12
) -> TrendPage:
    """Month ends and the data's end of one account, from its own ties alone.

    Raises:
        NotFoundError: the account is not known. NotScoredError: nothing was scored yet.
    """
    identifier, name = resolve_account(store, viewer, account)
    run = scored_run(store)
    moment = moment_of(store, settings, run)
    index = moment.directory.firm_at(identifier)
    if index is None:
        return TrendPage(run, Named(identifier, name), (), None, "unknown", None)
    row = int(np.searchsorted(moment.scores.accounts, index))
    few = moment.log.of_accounts([index])
    points: list[TrendPoint] = []
    times = month_ends(moment.as_of, months)
    for at in times:
        scores = withheld(
            score_at(few, moment.directory, moment.formula, at, moment.baseline), moment.captured
        )
        known = STATUS[scores.status[row]]
        values = (scores.dependence[row], scores.lower[row], scores.upper[row])
        points.append(
            TrendPoint(
                iso(at) or "", *(None if np.isnan(v) else 100 * float(v) for v in values), status=known
            )
        )
    before = score_at(few, moment.directory, moment.formula, window_start(moment.as_of), moment.baseline)
    after = score_at(few, moment.directory, moment.formula, moment.as_of, moment.baseline)
    found = change(before, after, moment.formula.min_sample)
    days = np.array([at / DAY_MS for at in times])
    series = np.array([np.nan if p.dependence is None or p.status != "ok" else p.dependence for p in points])
    gained = float(found.points[row])
    return TrendPage(
        run,
        Named(identifier, name),
        tuple(points),
        None if np.isnan(gained) else gained,
        direction(found, row),
        slope(days, series),
        None if moment.captured is None else int(moment.captured.reps[row]),
        None if moment.captured is None else int(moment.captured.connected[row]),
    )
