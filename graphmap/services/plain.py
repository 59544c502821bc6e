"""Page values as the JSON and CSV of the contract."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from graphmap.services.coverages import CoveragePage
from graphmap.services.departures import DepartureLine, DeparturePage, Standing
from graphmap.services.exposures import ExposurePage
from graphmap.services.groups import GroupPage
from graphmap.services.handovers import HandoverLine
from graphmap.services.history import ChangedAccount, ComparePage, Then, TrendPage
from graphmap.services.plans import PlanLine, PlannedContact, PlanPage
from graphmap.services.served import ServedPage
from graphmap.services.trust import BackTestPage, StabilityPage, TuningPage
from graphmap.services.values import AccountLine, AccountPage, Named, ScoringRun
from graphmap.services.warmpaths import Door, PathPage

_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def run_json(run: ScoringRun) -> dict[str, object]:
    """The scoring run."""
    return {
        "id": run.id, "as_of": run.as_of, "formula": run.formula, "baseline": run.baseline,
        "half_life_days": run.half_life_days, "store": run.store, "config_hash": run.config_hash,
    }  # fmt: skip


def _named(who: Named | None) -> dict[str, str] | None:
    return None if who is None else {"id": who.id, "name": who.name}


def account_json(a: AccountLine) -> dict[str, object]:
    """One account: keys always present, order stable."""
    return {
        "id": a.id, "source_ids": list(a.source_ids), "name": a.name, "owner": _named(a.owner),
        "annual_value": a.annual_value, "currency": a.currency, "status": a.status, "band": a.band,
        "dependence": a.dependence, "lower": a.lower, "upper": a.upper, "effective_sample": a.effective_sample,
        "top_rep": _named(a.top_rep),
        "split": {"top_rep": a.split.top_rep, "other_reps": a.split.other_reps, "firm": a.split.firm},
        "plain_share": a.plain_share, "effective_reps": a.effective_reps, "contact_dependence": a.contact_dependence,
        "effective_contacts": a.effective_contacts, "active_reps": a.active_reps, "active_contacts": a.active_contacts,
        "connectivity": a.connectivity, "bus_factor": a.bus_factor, "orphaned_share": a.orphaned_share,
        "lost_contact_share": a.lost_contact_share, "cell": {"ours": a.cell.ours, "theirs": a.cell.theirs},
        "findings": [{"rule": f.rule, "severity": f.severity, "sentence": f.sentence} for f in a.findings],
        "last_two_way_at": a.last_two_way_at, "interactions": a.interactions,
    }  # fmt: skip


def account_page_json(page: AccountPage) -> dict[str, object]:
    """One account with reps, contacts and ties."""
    return {
        "run": run_json(page.run),
        **account_json(page.account),
        "trend": page.trend,
        "trend_direction": page.trend_direction,
        "decisions": [
            {
                "id": d.id,
                "kind": d.kind,
                "rule": d.rule,
                "field": d.field,
                "value": d.value,
                "author": d.author,
                "at": d.at,
                "reason": d.reason,
                "until": d.until,
            }
            for d in page.decisions
        ],
        "reps": [
            {"id": r.id, "name": r.name, "department": r.department, "share": r.share, "strength": r.strength}
            for r in page.reps
            if not r.left
        ],
        "contacts": [
            {
                "id": c.id,
                "name": c.name,
                "title": c.title,
                "weight": c.weight,
                "strength": c.strength,
                "best_rep": c.best_rep,
            }
            for c in page.contacts
            if c.strength > 0
        ],
        "ties": [
            {
                "rep": t.rep,
                "contact": t.contact,
                "strength": t.strength,
                "inbound": t.inbound,
                "outbound": t.outbound,
                "other": t.other,
                "active": t.active,
                "first_at": t.first_at,
                "last_at": t.last_at,
                "interactions": t.interactions,
            }
            for t in page.ties
        ],
    }


def flat(row: Mapping[str, Any]) -> dict[str, object]:
    """Nested values in columns of their own: owner.id, split.firm; findings and source ids joined by ``;``."""
    found: dict[str, object] = {}
    for key, value in row.items():
        if key in ("owner", "top_rep"):
            found[f"{key}.id"] = None if value is None else value["id"]
            found[f"{key}.name"] = None if value is None else value["name"]
        elif isinstance(value, Mapping):
            found.update({f"{key}.{name}": part for name, part in value.items()})
        elif key == "findings":
            found[key] = ";".join(finding["rule"] for finding in value)
        elif isinstance(value, list):
            found[key] = ";".join(str(part) for part in value)
        else:
            found[key] = value
    return found


def defused(value: object) -> object:
    """A cell that a spreadsheet would run gets an apostrophe in front; numbers stay numbers.

    >>> defused("=1+1"), defused(-3.5), defused("a")
    ("'=1+1", -3.5, 'a')
    """
    return f"'{value}" if isinstance(value, str) and value.startswith(_DANGEROUS) else value


def departure_json(page: DeparturePage) -> dict[str, object]:
    """A simulated departure: only accounts the leaving people touch, by id."""
    return {
        "run": run_json(page.run),
        "leaving": [_named(who) for who in page.leaving],
        "on": page.on,
        "joint": page.joint,
        "loss": dict(zip(("low", "middle", "high"), page.loss, strict=True)),
        "accounts": [_departure_line(line) for line in page.lines],
        "plan": [handover_json(line) for line in page.plan],
    }


def handover_json(line: HandoverLine) -> dict[str, object]:
    """One contact of a handover plan."""
    return {
        "contact": line.contact.id, "contact_name": line.contact.name, "account": line.account.id,
        "account_name": line.account.name, "leaver": _named(line.leaver), "side": line.side, "hangs": line.hangs,
        "successors": [
            {"id": one.person.id, "name": one.person.name, "closeness": one.closeness, "reason": one.reason}
            for one in line.successors
        ],
        "steps": [{"due": step.due, "kind": step.kind, "text": step.text} for step in line.steps],
        "note": line.note,
    }  # fmt: skip


def _standing(one: Standing) -> dict[str, object]:
    return {
        "dependence": one.dependence, "lower": one.lower, "upper": one.upper, "band": one.band, "status": one.status,
        "split": {"top_rep": one.split.top_rep, "other_reps": one.split.other_reps, "firm": one.split.firm},
    }  # fmt: skip


def _departure_line(line: DepartureLine) -> dict[str, object]:
    money = line.exposure
    return {
        "id": line.id, "name": line.name, "before": _standing(line.before), "after": _standing(line.after),
        "retained": line.retained,
        "exposure": None
        if money is None
        else {"low": money.low, "middle": money.middle, "high": money.high, "currency": money.currency},
        "orphaned_contacts": [_named(contact) for contact in line.orphaned_contacts],
        "covered_contacts": [{"id": c.contact.id, "name": c.contact.name, "by": c.by.id, "by_name": c.by.name} for c in line.covered_contacts],
    }  # fmt: skip


def coverage_json(page: CoveragePage) -> dict[str, object]:
    """A coverage plan."""
    return {
        "run": run_json(page.run), "account": page.account.id, "account_name": page.account.name, "status": page.status,
        "top_rep": None if page.top_rep is None else _named(page.top_rep), "limit": page.limit, "before": page.before,
        "lower": page.lower, "upper": page.upper,
        "introduction_strength": page.strength,
        "steps": [
            {
                "rep": step.rep.id, "rep_name": step.rep.name, "contact": step.contact.id, "contact_name": step.contact.name,
                "reason": step.reason, "gain": step.gain, "how": step.how, "dependence_after": step.dependence_after,
            }
            for step in page.steps
        ],
        "reached": page.reached, "exact": page.exact, "gap": page.gap,
    }  # fmt: skip


def exposure_json(page: ExposurePage) -> dict[str, object]:
    """A set of people under one objective, in alphabetical order."""
    absence = page.absence
    return {
        "run": run_json(page.run), "objective": page.objective, "k": page.k,
        "people": [_named(one) for one in page.people], "worth": page.worth, "bound": page.bound, "gap": page.gap,
        "method": page.method, "loss": dict(zip(("low", "middle", "high"), page.loss, strict=True)),
        "currency": page.currency, "left_out": page.left_out,
        "accounts": [{"id": one.account.id, "name": one.account.name, "worth": one.worth} for one in page.accounts],
        "firm_absence": None
        if absence is None
        else {
            "people": [_named(one) for one in absence.people], "orphaned": absence.orphaned, "at_least": absence.at_least,
        },
    }  # fmt: skip


def plan_line_json(line: PlanLine) -> dict[str, object]:
    """A plan at a glance."""
    return {
        "id": line.id, "kind": line.kind, "about": [_named(one) for one in line.about], "on": line.on,
        "author": line.author, "at": line.at, "steps": line.steps, "done": line.done,
    }  # fmt: skip


def plan_json(page: PlanPage) -> dict[str, object]:
    """A plan with its steps and progress."""
    return {
        **plan_line_json(page.line), "since": page.since, "carried": page.carried,
        "contacts": [_planned(one) for one in page.contacts],
    }  # fmt: skip


def _planned(one: PlannedContact) -> dict[str, object]:
    progress = one.progress
    return {
        "contact": one.contact.id, "contact_name": one.contact.name, "account": one.account.id,
        "account_name": one.account.name, "side": one.side, "note": one.note,
        "people": [{"id": who.id, "name": who.name, "reason": why} for who, why in one.people],
        "steps": [
            {"number": s.number, "due": s.due, "kind": s.kind, "text": s.text, "done_by": s.done_by, "done_at": s.done_at}
            for s in one.steps
        ],
        "progress": {
            "state": progress.state, "by": None if progress.by is None else _named(progress.by),
            "interactions": progress.interactions, "last_at": progress.last_at,
        },
    }  # fmt: skip


def compare_json(page: ComparePage) -> dict[str, object]:
    """What changed between two days: only accounts of which something changed, by id."""
    return {
        "run": run_json(page.run), "before": page.before, "after": page.after,
        "accounts": [_changed_json(one) for one in page.accounts],
    }  # fmt: skip


def backtest_json(page: BackTestPage) -> dict[str, object]:
    """The back-test: counts always, figures only where there is enough; no account and no person by name."""
    found, verdict = page.found, page.found.verdict
    return {
        "run": run_json(page.run), "sentence": page.sentence, "measure": found.measure, "departures": found.departures,
        "accounts": len(found.cases), "lost": found.lost, "too_short": found.too_short, "lacking": list(found.lacking),
        "verdict": None if verdict is None else {
            "auc": verdict.auc, "auc_plain": verdict.auc_plain, "gain": list(verdict.gain), "rank": verdict.rank,
            "flagged": verdict.flagged, "precision": verdict.precision, "recall": verdict.recall, "ceiling": verdict.ceiling,
        },
    }  # fmt: skip


def stability_json(page: StabilityPage) -> dict[str, object]:
    """Every weight a quarter less and more."""
    return {
        "run": run_json(page.run), "sentence": page.sentence,
        "shifts": [
            {
                "weight": s.weight, "value": s.value, "accounts": s.accounts, "tau": s.tau, "other_band": s.moved, "other_flag": s.flagged,
                "largest_change": s.most,
            }
            for s in page.shifts
        ],
    }  # fmt: skip


def tuning_json(page: TuningPage) -> dict[str, object]:
    """What other settings would change: only accounts of which something changed, by id."""
    return {
        "run": run_json(page.run), "values": dict(page.values), "baseline": page.baseline,
        "accounts": [_changed_json(one) for one in page.accounts],
    }  # fmt: skip


def _changed_json(one: ChangedAccount) -> dict[str, object]:
    return {
        "id": one.account.id, "name": one.account.name, "before": _then(one.before), "after": _then(one.after),
        "new": list(one.new), "worse": list(one.worse), "better": list(one.better), "resolved": list(one.resolved),
    }  # fmt: skip


def _then(one: Then) -> dict[str, object]:
    return {
        "status": one.status,
        "band": one.band,
        "dependence": one.dependence,
        "lower": one.lower,
        "upper": one.upper,
    }


def trend_json(page: TrendPage) -> dict[str, object]:
    """Month ends of one account."""
    return {
        "run": run_json(page.run), "account": page.account.id, "account_name": page.account.name, "change": page.change,
        "direction": page.direction, "slope": page.slope,
        "points": [
            {"at": p.at, "dependence": p.dependence, "lower": p.lower, "upper": p.upper, "status": p.status} for p in page.points
        ],
    }  # fmt: skip


def path_json(page: PathPage) -> list[dict[str, object]]:
    """Ways to a contact, the strongest first."""
    return [
        {"people": [_named(one) for one in line.people], "strength": line.strength, "how": line.how}
        for line in page.lines
    ]


def doors_json(run: ScoringRun, found: Sequence[Door]) -> dict[str, object]:
    """Open doors, by account."""
    return {
        "run": run_json(run),
        "doors": [
            {
                "account": _named(d.account), "why": d.why, "colleague": _named(d.colleague), "department": d.department,
                "contact": _named(d.contact), "strength": d.strength, "last_at": d.last_at,
            }
            for d in found
        ],
    }  # fmt: skip


def group_json(page: GroupPage) -> dict[str, object]:
    """A group and its accounts."""
    return {
        "run": run_json(page.run), "group": _named(page.group), "whole": _standing(page.whole),
        "top_rep": _named(page.top_rep), "active_reps": page.active_reps, "active_contacts": page.active_contacts,
        "connectivity": page.connectivity, "interactions": page.interactions, "values": [list(one) for one in page.values],
        "members": [{**(_named(m.account) or {}), "value": m.value, "currency": m.currency, **_standing(m.standing)} for m in page.members],
        "serving": [
            {"person": _named(one.person), "ours": one.ours, "accounts": [_named(a) for a in one.accounts]} for one in page.serving
        ],
    }  # fmt: skip


def served_json(page: ServedPage) -> dict[str, object]:
    """The customer's side of an account."""
    answers = page.answers
    return {
        "run": run_json(page.run), "account": page.account.id, "account_name": page.account.name, "roster": page.roster,
        "covered": page.covered, "executives": page.executives, "executives_covered": page.executives_covered,
        "departments": [{"name": d.name, "share": d.share, "recent": d.recent} for d in page.departments],
        "effective_departments": page.effective_departments,
        "largest_department": None if page.largest_department is None else page.largest_department.name,
        "their_departments": [{"name": d.name, "people": d.people, "covered": d.covered} for d in page.their_departments],
        "answers": {
            "ours_hours": answers.ours_hours, "ours_count": answers.ours_count, "theirs_hours": answers.theirs_hours,
            "theirs_count": answers.theirs_count,
        },
        "answered_by": [{"person": _named(who), "count": count} for who, count in page.answered_by],
        "stage": page.stage, "stage_reason": page.stage_reason, "quiet_departments": list(page.quiet_departments),
    }  # fmt: skip
