"""The scoring use case: touch log to numbers, findings and ties, stored as an assessment per account."""

from __future__ import annotations

import datetime
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np

from graphmap.config import Settings
from graphmap.engines.daskengine import Workers, spread
from graphmap.errors import NotScoredError
from graphmap.scoring.capture import Completeness, withheld
from graphmap.scoring.findings import AccountFacts, Finding, Thresholds, findings
from graphmap.scoring.formula import DAY_MS, VERSION, Formula, config_hash, config_text
from graphmap.scoring.leavers import leavers
from graphmap.scoring.pace import Paces
from graphmap.scoring.portfolio import STATUS, Scores, baseline_of, score
from graphmap.scoring.readiness import readiness
from graphmap.scoring.sequence import handed_over
from graphmap.scoring.ties import NEVER, TieSums
from graphmap.scoring.trend import change, direction, score_at, window_start
from graphmap.services import touchdata
from graphmap.services.capturing import completeness_of
from graphmap.services.touchdata import TouchData
from graphmap.store import assessments, people, runs, state
from graphmap.store.graphstore import GraphStore

Engine = Literal["local", "dask"]
KEEP_FROM = 20
"""The baseline is kept once so many accounts have a tie."""


@dataclass(frozen=True)
class ScoringResult:
    """What a scoring run did; ``changed`` = accounts whose status, band or findings differ from the run before."""

    run: str
    as_of: int
    baseline: float | None
    accounts: int
    statuses: dict[str, int]
    changed: tuple[str, ...]
    warning: str | None


@dataclass(frozen=True)
class Scored:
    """Numbers in memory, before anything is stored."""

    data: TouchData
    sums: TieSums
    scores: Scores
    formula: Formula
    as_of: int
    baseline: float | None
    warning: str | None
    captured: Completeness | None = None
    """How much of each account is captured, where that is known."""


def newest_not_in_future(data: TouchData, now: int) -> int:
    """T by default: the time of the newest interaction that is not in the future ("data to").

    Raises:
        NotScoredError: nothing was imported yet.
    """
    newest = data.pulled.newest(now)
    if newest is None:
        raise NotScoredError(
            "there is no interaction to score",
            remedy="import some first: graphmap import PATH, or graphmap demo",
        )
    return newest


def compute(
    store: GraphStore,
    settings: Settings,
    *,
    now: int,
    as_of: int | None = None,
    recalibrate: bool = False,
    engine: Engine = "local",
) -> Scored:
    """The numbers of every account at ``as_of``; the baseline is stored where the rules say so. Both engines give the same bits."""
    data = touchdata.load(store, settings)
    instant = newest_not_in_future(data, now) if as_of is None else as_of
    formula = Formula.from_settings(settings)
    if engine == "dask":
        workers = Workers(
            settings.whole("scale.workers"),
            settings.text("scale.scheduler"),
            Path(folder) if (folder := settings.text("scale.folder")) else None,
        )
        with spread(data.log, data.directory, formula, instant, workers) as portfolio:
            live = len(np.unique(data.log.account[portfolio.tie_sums.interactions > 0]))
            baseline, warning = _baseline(store, settings, portfolio.baseline, live, recalibrate=recalibrate)
            scores = portfolio.score(formula, instant, baseline)
            return with_capture(
                store, Scored(data, portfolio.tie_sums, scores, formula, instant, baseline, warning)
            )
    sums = touchdata.sums_at(data, formula, instant)
    today = baseline_of(data.log, sums, data.directory, formula, instant)
    live = len(np.unique(data.log.account[sums.interactions > 0]))
    baseline, warning = _baseline(store, settings, today, live, recalibrate=recalibrate)
    scores = score(data.log, sums, data.directory, formula, instant, baseline)
    return with_capture(store, Scored(data, sums, scores, formula, instant, baseline, warning))


def with_capture(store: GraphStore, scored: Scored) -> Scored:
    """The same with how much is captured; where that is too little, the status is unknown."""
    captured = completeness_of(store, scored.data.log, scored.sums, scored.data.directory, scored.as_of)
    return replace(scored, scores=withheld(scored.scores, captured), captured=captured)


def _baseline(
    store: GraphStore,
    settings: Settings,
    today: float | None,
    live: int,
    *,
    recalibrate: bool,
) -> tuple[float | None, str | None]:
    """A set baseline wins; a kept one stays (with a warning where today's differs by a factor of 2); else ``today``'s is kept.

    ``live``: how many accounts have a tie now.
    """
    chosen = settings["scoring.baseline"]
    if isinstance(chosen, int | float):
        return float(chosen), None
    kept = state.kept_baseline(store)
    if kept is not None and kept[1] >= KEEP_FROM and not recalibrate:
        if today is not None and kept[0] > 0 and not 0.5 <= today / kept[0] <= 2:
            return kept[0], (
                f"the kept baseline is {kept[0]:.3g}, today's data would give {today:.3g}; "
                "graphmap score --recalibrate replaces it"
            )
        return kept[0], None
    if today is None:
        return (None if kept is None else kept[0]), None
    state.keep_baseline(store, today, live)
    return today, None


def run_scoring(
    store: GraphStore,
    settings: Settings,
    *,
    now: Callable[[], int],
    as_of: int | None = None,
    recalibrate: bool = False,
    engine: Engine = "local",
    author: str = "local administrator",
) -> ScoringResult:
    """Scores all accounts and stores an assessment per account; pages show the newest finished run."""
    started = now()
    with state.writing(store, "graphmap score", now):
        scored = compute(store, settings, now=started, as_of=as_of, recalibrate=recalibrate, engine=engine)
        before = _previous(store)
        rows = assessment_rows(store, settings, scored, "")
        run = f"score-{datetime.datetime.fromtimestamp(started / 1000, datetime.UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"
        for row in rows:
            row["run"], row["id"] = run, f"{run}|{row['firm']}"
        runs.start_run(store, run, "score", {"state": "running", "started_at": started, "author": author})
        assessments.save_assessments(store, rows)
        assessments.save_ties(store, _tie_rows(scored), run)
        finished = {
            "state": "finished", "finished_at": now(), "as_of": scored.as_of, "formula": VERSION, "baseline": scored.baseline,
            "half_life_days": scored.formula.half_life_days, "config_hash": config_hash(settings, scored.baseline),
            "config": config_text(settings, scored.baseline),
        }  # fmt: skip
        store.write_with(lambda w: runs.update_run(w, run, finished))
    after = {str(row["firm"]): _mark(row) for row in rows}
    changed = tuple(
        sorted(firm for firm, mark in after.items() if before is not None and before.get(firm) != mark)
    )
    statuses = {name: sum(row["status"] == name for row in rows) for name in STATUS}
    return ScoringResult(run, scored.as_of, scored.baseline, len(rows), statuses, changed, scored.warning)


def is_behind(store: GraphStore) -> bool:
    """Whether an import finished that no scoring run has seen yet."""
    known = [r for r in runs.runs(store) if r.state == "finished"]
    imported = max((r.sequence for r in known if r.kind == "import"), default=0)
    return imported > max((r.sequence for r in known if r.kind == "score"), default=0)


def _previous(store: GraphStore) -> dict[str, tuple[object, ...]] | None:
    for run in runs.runs(store):
        if run.kind == "score" and run.state == "finished":
            return {str(row["firm"]): _mark(row) for row in assessments.assessment_lines(store, run.id)}
    return None


def _mark(row: dict[str, object]) -> tuple[object, ...]:
    rules = row.get("finding_rules") or []
    severities = row.get("finding_severities") or []
    assert isinstance(rules, list)
    assert isinstance(severities, list)
    return (row["status"], row.get("band"), *zip(rules, severities, strict=True))


def assessment_rows(
    store: GraphStore, settings: Settings, scored: Scored, run: str
) -> list[dict[str, object]]:
    """One row per account with all numbers, findings and ties as parallel lists."""
    return _Rows(store, settings, scored, run).all()


class _Rows:
    """Builds assessment rows; slices of the sorted tables are looked up once."""

    def __init__(self, store: GraphStore, settings: Settings, scored: Scored, run: str) -> None:
        self._scored = scored
        self._run = run
        self._names = people.names(store)
        self._limits = Thresholds.from_settings(settings)
        self._paces = Paces(scored.data.log, scored.formula, scored.as_of, self._limits.one_way_days)
        log, directory, scores = scored.data.log, scored.data.directory, scored.scores
        self._ready = readiness(log, scored.sums, scores, scored.baseline)
        self._passed = handed_over(log, directory, scored.as_of)
        self._leavers = leavers(
            log,
            scored.sums,
            directory,
            scores,
            scored.formula,
            scored.as_of,
            scored.baseline,
            self._limits.left_days,
        )
        before = score_at(log, directory, scored.formula, window_start(scored.as_of), scored.baseline)
        self._change = change(before, scores, scored.formula.min_sample)

    def all(self) -> list[dict[str, object]]:
        """All accounts in the order of ids."""
        return [self._row(k, int(account)) for k, account in enumerate(self._scored.scores.accounts)]

    def _row(self, k: int, account: int) -> dict[str, object]:
        scores, directory = self._scored.scores, self._scored.data.directory
        firm = directory.firm_ids[account]
        cut = self._cut_people(k, account)
        facts = self._facts(k, account, cut)
        raised = findings(facts, self._limits)
        top = int(scores.top_rep[k])
        row: dict[str, object] = {
            "id": f"{self._run}|{firm}", "run": self._run, "firm": firm, "status": STATUS[scores.status[k]],
            "band": scores.band[k], "dependence": _percent(scores.dependence[k]), "lower": _percent(scores.lower[k]),
            "upper": _percent(scores.upper[k]), "effective_sample": float(scores.effective_sample[k]),
            "top_rep": directory.person_ids[top] if top >= 0 else None,
            "split_top_rep": _percent(scores.dependence[k]), "split_other_reps": _percent(scores.other_reps[k]),
            "split_firm": _percent(scores.firm[k]), "plain_share": _percent(scores.plain_share[k]),
            "effective_reps": _number(scores.effective_reps[k]),
            "contact_dependence": _percent(scores.contact_dependence[k]),
            "effective_contacts": _number(scores.effective_contacts[k]),
            "active_reps": int(scores.active_reps[k]), "active_contacts": int(scores.active_contacts[k]),
            "connectivity": int(scores.connectivity[k]),
            "bus_factor": int(scores.bus_factor[k]) if scores.bus_factor[k] >= 0 else None,
            "orphaned_share": _percent(scores.orphaned_share[k]), "lost_contact_share": _percent(scores.lost_contact_share[k]),
            "cell_ours": scores.cell_ours[k], "cell_theirs": scores.cell_theirs[k],
            "last_two_way_at": _time(scores.last_two_way_at[k]), "interactions": int(scores.interactions[k]),
            "cut_people": [identifier for identifier, _ in cut],
            **self._captured(k),
            "trend": _number(self._change.points[k]), "trend_direction": direction(self._change, k),
        }  # fmt: skip
        return {**row, **_finding_lists(raised), **self._lists(account)}

    def _captured(self, k: int) -> dict[str, object]:
        known = self._scored.captured
        return (
            {"reps_known": None, "reps_connected": None}
            if known is None
            else {"reps_known": int(known.reps[k]), "reps_connected": int(known.connected[k])}
        )

    def _name(self, index: int) -> str:
        directory = self._scored.data.directory
        identifier = directory.person_ids[index]
        if directory.unnamed_of[index] >= 0:
            return "somebody unnamed"
        return self._names.get(identifier, (identifier, None, None))[0]

    def _cut_people(self, k: int, account: int) -> list[tuple[str, str]]:
        """With connectivity 1 the active ties form a star: its centre, or both ends of a single tie."""
        scored = self._scored
        if scored.scores.connectivity[k] != 1:
            return []
        low, high = scored.data.log.tie_range(account)
        active = np.flatnonzero(scored.scores.ties.active[low:high]) + low
        directory = scored.data.directory
        ends: list[int] = []
        for column in (scored.data.log.rep, scored.data.log.contact):
            people_here = np.unique(column[active])
            if len(people_here) == 1 and directory.unnamed_of[people_here[0]] < 0:
                ends.append(int(people_here[0]))
        return sorted((directory.person_ids[end], self._name(end)) for end in ends)

    def _facts(self, k: int, account: int, cut: list[tuple[str, str]]) -> AccountFacts:
        scored, scores = self._scored, self._scored.scores
        directory, reps, contacts = scored.data.directory, scores.reps, scores.contacts
        mine = slice(*np.searchsorted(reps.account, [account, account + 1]))
        theirs = slice(*np.searchsorted(contacts.account, [account, account + 1]))
        top, owner = int(scores.top_rep[k]), int(directory.owner[account])
        active = reps.rep[mine][reps.active[mine]]
        votes = contacts.vote[theirs]
        chosen = (
            contacts.contact[theirs][np.argmax(np.where(contacts.active[theirs], votes + 1, votes))]
            if len(votes)
            else -1
        )
        owner_share = float(reps.share[mine][reps.rep[mine] == owner].sum()) if owner >= 0 else 0.0
        low, high = scored.data.log.tie_range(account)
        inbound = float((scored.sums.inbound[low:high] * scores.ties.kept[low:high]).sum())
        outbound = float((scored.sums.outbound[low:high] * scores.ties.kept[low:high]).sum())
        pace = self._paces.of(account, int(scores.last_two_way_at[k]))
        successor, seen = int(self._ready.successor[k]), int(self._ready.two_way_at[k])
        contact_left = next(iter(self._leavers.contacts.get(account, ())), None)
        rep_left = next(iter(self._leavers.reps.get(account, ())), None)
        passed = self._passed.get(account)
        trend = float(self._change.points[k])
        return AccountFacts(
            status=STATUS[scores.status[k]],
            dependence=_percent(scores.dependence[k]),
            lower=_percent(scores.lower[k]),
            top_rep=self._name(top) if top >= 0 else None,
            active_reps=int(scores.active_reps[k]),
            only_rep=self._name(int(active[0])) if len(active) == 1 else None,
            active_contacts=int(scores.active_contacts[k]),
            contact_dependence=_percent(scores.contact_dependence[k]),
            top_contact=self._name(int(chosen)) if chosen >= 0 else None,
            only_unnamed=bool(scores.only_unnamed[k]),
            connectivity=int(scores.connectivity[k]),
            cut_people=tuple(name for _, name in cut),
            owner=self._name(owner) if owner >= 0 else None,
            owner_is_top=owner == top,
            owner_share=100 * owner_share,
            two_way_days=pace.two_way_days,
            median_gap_days=pace.median_gap_days,
            future_meeting=pace.future_meeting,
            recent_outbound=pace.recent_outbound,
            reciprocity=2 * min(inbound, outbound) / (inbound + outbound) if inbound + outbound > 0 else None,
            ready=_percent(self._ready.share[k]),
            successor=self._name(successor) if successor >= 0 else None,
            successor_days=None if seen == NEVER else (scored.as_of - seen) / DAY_MS,
            contact_left=None if contact_left is None else self._name(contact_left.person),
            contact_left_vote=0.0 if contact_left is None else 100 * contact_left.share,
            contact_left_level=-1 if contact_left is None else contact_left.level,
            rep_left=None if rep_left is None else self._name(rep_left.person),
            rep_left_share=0.0 if rep_left is None else 100 * rep_left.share,
            rep_left_gain=0.0 if rep_left is None else 100 * rep_left.gained,
            trend=None if np.isnan(trend) else trend,
            capture=None if scored.captured is None else scored.captured.at(k),
            passed=() if passed is None else tuple(self._name(rep) for rep in passed.reps),
            passed_on=None if passed is None else _day(passed.day),
        )

    def _lists(self, account: int) -> dict[str, object]:
        scored, scores = self._scored, self._scored.scores
        directory, log, sums = scored.data.directory, scored.data.log, scored.sums
        people_ids = (*directory.person_ids, "FIRM")
        reps, contacts = scores.reps, scores.contacts
        low, high = log.tie_range(account)
        ties = np.flatnonzero(sums.interactions[low:high] > 0) + low
        mine = np.arange(*np.searchsorted(reps.account, [account, account + 1]))
        mine = mine[(reps.share[mine] > 0) | (reps.strength[mine] > 0)]
        theirs = np.arange(*np.searchsorted(contacts.account, [account, account + 1]))
        theirs = theirs[contacts.strength[theirs] > 0]
        return {
            "rep_ids": [people_ids[r] for r in reps.rep[mine]],
            "rep_shares": (100 * reps.share[mine]).tolist(),
            "rep_strengths": reps.strength[mine].tolist(),
            "contact_ids": [people_ids[c] for c in contacts.contact[theirs]],
            "contact_weights": (100 * contacts.vote[theirs]).tolist(),
            "contact_strengths": contacts.strength[theirs].tolist(),
            "tie_reps": [people_ids[r] for r in log.rep[ties]],
            "tie_contacts": [people_ids[c] for c in log.contact[ties]],
            "tie_strengths": scores.ties.strength[ties].tolist(),
            "tie_inbound": sums.inbound[ties].tolist(),
            "tie_outbound": sums.outbound[ties].tolist(),
            "tie_other": sums.other[ties].tolist(),
            "tie_first_at": sums.first_at[ties].tolist(),
            "tie_last_at": sums.last_at[ties].tolist(),
            "tie_interactions": sums.interactions[ties].tolist(),
            "tie_kept": scores.ties.kept[ties].tolist(),
        }


def _finding_lists(raised: Sequence[Finding]) -> dict[str, object]:
    return {
        "finding_rules": [f.rule for f in raised],
        "finding_severities": [f.severity for f in raised],
        "finding_sentences": [f.sentence for f in raised],
    }


def _percent(value: float) -> float | None:
    return None if np.isnan(value) else 100 * float(value)


def _day(day: int) -> str:
    return (datetime.date(1970, 1, 1) + datetime.timedelta(days=day)).isoformat()


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _time(value: int) -> int | None:
    return None if value == NEVER else int(value)


def _tie_rows(scored: Scored) -> list[list[object]]:
    """Rows for TIE edges; the firm's ties start at our first firm, an unnamed contact is the account itself."""
    log, sums, directory = scored.data.log, scored.sums, scored.data.directory
    own = [directory.firm_ids[k] for k in np.flatnonzero(directory.firm_kind == 0)]
    rows: list[list[object]] = []
    for tie in np.flatnonzero((sums.interactions > 0) & scored.scores.ties.kept).tolist():
        rep, contact = int(log.rep[tie]), int(log.contact[tie])
        account = directory.firm_ids[log.account[tie]]
        is_firm = rep == directory.firm_rep
        if is_firm and not own:
            continue
        unnamed = directory.unnamed_of[contact] >= 0
        rows.append(
            [
                own[0] if is_firm else directory.person_ids[rep],
                account if unnamed else directory.person_ids[contact],
                account,
                float(scored.scores.ties.strength[tie]), float(sums.inbound[tie]), float(sums.outbound[tie]),
                float(sums.other[tie]), int(sums.last_at[tie]),
                "Firm" if is_firm else "Person", "Firm" if unnamed else "Person",
            ]
        )  # fmt: skip
    return rows
