"""How far the number can be trusted here: past departures, other weights, and what would change before it is saved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from graphmap.config import Settings
from graphmap.errors import ConfigError
from graphmap.planning.backtest import BackTest, back_test
from graphmap.scoring.formula import Formula
from graphmap.scoring.moment import moment_at
from graphmap.scoring.portfolio import baseline_of
from graphmap.scoring.presets import BY_NAME, PRESETS
from graphmap.scoring.stability import Shift, stability
from graphmap.scoring.ties import sum_ties
from graphmap.services.history import ChangedAccount, differences, rows_of
from graphmap.services.lines import scored_run
from graphmap.services.moments import moment_of
from graphmap.services.values import ScoringRun, Viewer
from graphmap.store.graphstore import GraphStore

TUNABLE = ("scoring.", "findings.")


@dataclass(frozen=True, slots=True)
class BackTestPage:
    """What past departures say of the number. All accounts together, never one by one: a case is no verdict on a person."""

    run: ScoringRun
    found: BackTest

    @property
    def sentence(self) -> str:
        """The answer in words."""
        found = self.found
        seen = f"{_many(found.departures, 'past departure')} with {_many(len(found.cases), 'account')}"
        if found.verdict is None:
            return f"Not enough history to judge the number: {'; '.join(found.lacking)}."
        low, high = (100 * value for value in found.verdict.gain[1:])
        told = f"{seen}, {found.lost} lost: the number tells lost from kept accounts with an AUC of {100 * found.verdict.auc:.0f} %"
        plain = f"the plain share with {100 * found.verdict.auc_plain:.0f} %"
        return f"{told}, {plain} (difference {low:+.0f} to {high:+.0f} points with 95 % certainty)."


@dataclass(frozen=True, slots=True)
class StabilityPage:
    """Every weight a quarter less and a quarter more, in the order of the formula."""

    run: ScoringRun
    shifts: tuple[Shift, ...]

    @property
    def sentence(self) -> str:
        """The least steady order of accounts among all shifts, in words."""
        known = [(shift.tau, shift) for shift in self.shifts if shift.tau is not None]
        if not known:
            return "Too few accounts with a certain number to compare orders."
        tau, worst = min(known, key=lambda one: one[0])
        return (
            f"With any weight a quarter more or less the order of {_many(worst.accounts, 'account')} stays within Kendall's tau "
            f"{tau:.2f} or closer (furthest: {worst.weight} = {worst.value:g})."
        )


@dataclass(frozen=True, slots=True)
class TuningPage:
    """What other settings would change, with the baseline the records give under them. ``values``: only what differs from now."""

    run: ScoringRun
    values: Mapping[str, float | str]
    baseline: float | None
    accounts: tuple[ChangedAccount, ...]


def back_test_page(store: GraphStore, settings: Settings, viewer: Viewer) -> BackTestPage:
    """The back-test over the accounts in scope. Nothing is stored.

    Raises:
        NotScoredError: nothing was scored yet.
    """
    run = scored_run(store)
    moment = moment_of(store, settings, run)
    if viewer.scope is not None:
        inside = [at for firm in viewer.scope if (at := moment.directory.firm_at(firm)) is not None]
        log = moment.log.of_accounts(inside)
        sums = sum_ties(log, moment.formula, moment.as_of)
        moment = moment_at(
            log, sums, moment.directory, moment.formula, moment.as_of, moment.baseline, moment.captured
        )
    return BackTestPage(run, back_test(moment))


def stability_page(store: GraphStore, settings: Settings, viewer: Viewer) -> StabilityPage:
    """Rank stability over the accounts in scope. Nothing is stored."""
    run = scored_run(store)
    moment = moment_of(store, settings, run)
    log = moment.log
    if viewer.scope is not None:
        inside = [at for firm in viewer.scope if (at := moment.directory.firm_at(firm)) is not None]
        log = log.of_accounts(inside)
    return StabilityPage(run, tuple(stability(log, moment.directory, moment.formula, moment.as_of)))


def tuning_values(preset: str | None, given: Mapping[str, str]) -> dict[str, object]:
    """The settings that a preset and single values ask for; a single value wins.

    Raises:
        ConfigError: there is no such preset, or the setting is not one of the number or its findings.

    >>> tuning_values("fast-moving", {"scoring.weight_call": "3"})
    {'scoring.half_life_days': 90.0, 'scoring.weight_call': '3'}
    """
    if preset is not None and preset not in BY_NAME:
        raise ConfigError(
            f"there is no preset {preset}", remedy=f"one of {', '.join(p.name for p in PRESETS)}"
        )
    values: dict[str, object] = dict(BY_NAME[preset].values) if preset else {}
    for name, value in given.items():
        if not name.startswith(TUNABLE):
            raise ConfigError(
                f"{name} does not enter the number",
                remedy="tune scoring.* and findings.*; see graphmap config",
            )
        values[name] = value
    return values


def tuning_page(
    store: GraphStore, settings: Settings, viewer: Viewer, values: Mapping[str, object]
) -> TuningPage:
    """What would change with these settings; nothing is stored.

    Raises:
        ConfigError: a setting is unknown or its value wrong. NotScoredError: nothing was scored yet.
    """
    run = scored_run(store)
    other = settings.trying(values)
    moment = moment_of(store, settings, run)
    formula = Formula.from_settings(other)
    fixed = other["scoring.baseline"]
    sums = sum_ties(moment.log, formula, moment.as_of)
    baseline = (
        float(fixed)
        if isinstance(fixed, int | float)
        else baseline_of(moment.log, sums, moment.directory, formula, moment.as_of)
    )
    tried = replace(moment, formula=formula, baseline=baseline)
    before = rows_of(store, settings, moment, moment.as_of)
    after = rows_of(store, other, tried, moment.as_of)
    differing = {
        name: value
        for name in values
        if (value := other[name]) != settings[name] and isinstance(value, int | float | str)
    }
    return TuningPage(run, differing, baseline, differences(store, viewer, before, after))


def _many(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
