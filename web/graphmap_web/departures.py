"""What if somebody leaves: the accounts they touch before and after, who could take over, and plans that are carried out."""

from __future__ import annotations

import datetime

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from graphmap.services.departures import DeparturePage, Leaving
from graphmap_web import csvs
from graphmap_web.departure_map import groups, payload
from graphmap_web.payloads import answer
from graphmap_web.site import seen_run, site

blueprint = Blueprint("departures", __name__)


def _on() -> datetime.date | None:
    text = request.values.get("on", "").strip()
    if not text:
        return None
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        abort(400, "The last day is written like 2026-12-31.")


def _page(person: str) -> DeparturePage:
    page = site().services.departure(site().viewer, Leaving((person,)), on=_on())
    seen_run(page.run)
    return page


def _after() -> bool:
    return request.args.get("view", "after") != "before"


@blueprint.get("/people/<id:person>/leaves")
def leaves(person: str) -> str:
    """Accounts, contacts and value that a departure touches, as maps and tables, with a handover plan."""
    page = _page(person)
    who = page.leaving[0]
    ours = {one.person.id for line in page.lines for one in line.through}
    longer = max(len(page.lines), len(ours))  # of the map's two columns
    return render_template(
        "leaves.html",
        page=page,
        who=who,
        groups=groups(page),
        after=_after(),
        size="tall" if longer > 12 else "middle" if longer > 4 else "short",
    )


@blueprint.get("/people/<id:person>/leaves.json")
def map_data(person: str) -> Response:
    """Nodes and edges of the map, before or after."""
    return answer(payload(_page(person), after=_after()))


@blueprint.get("/people/<id:person>/leaves.csv")
def download(person: str) -> Response:
    """The accounts before and after, full precision."""
    page = _page(person)
    columns = (
        "account", "name", "dependence_before", "lower_before", "upper_before", "dependence_after", "lower_after", "upper_after",
        "band_before", "band_after", "retained", "value", "currency",
        "exposed_low", "exposed_middle", "exposed_high", "orphaned_contacts", "covered_contacts",
    )  # fmt: skip
    rows = (
        (
            line.id, line.name, line.before.dependence, line.before.lower, line.before.upper,
            line.after.dependence, line.after.lower, line.after.upper, line.before.band, line.after.band, line.retained,
            line.value, line.currency, *((None,) * 3 if line.exposure is None else (line.exposure.low, line.exposure.middle, line.exposure.high)),
            len(line.orphaned_contacts), len(line.covered_contacts),
        )
        for line in page.lines
    )  # fmt: skip
    return csvs.table(f"{page.leaving[0].name} leaves", columns, rows)


@blueprint.post("/people/<id:person>/leaves")
def save(person: str) -> ResponseReturnValue:
    """Keeps the handover plan."""
    plan = site().services.save_handover(site().viewer, Leaving((person,)), on=_on())
    return redirect(url_for("departures.plan", plan=plan), 303)


@blueprint.get("/plans")
def plans() -> str:
    """All plans, the newest first."""
    return render_template("plans.html", lines=list(reversed(site().services.plans(site().viewer))))


@blueprint.get("/plans/<id:plan>")
def plan(plan: str) -> str:
    """One plan: its steps, who ticked them off, and what the interactions say."""
    return render_template("plan.html", page=site().services.plan(site().viewer, plan))


@blueprint.post("/plans/<id:plan>")
def tick(plan: str) -> ResponseReturnValue:
    """Ticks a step off, or opens it again."""
    try:
        step = int(request.form.get("step", ""))
    except ValueError:
        abort(400, "Say which step.")
    site().services.tick(site().viewer, plan, step, done=request.form.get("done") == "1")
    return redirect(url_for("departures.plan", plan=plan) + f"#step-{step}", 303)


@blueprint.get("/plans/<id:plan>/steps.csv")
def steps(plan: str) -> Response:
    """The steps as a table."""
    page = site().services.plan(site().viewer, plan)
    columns = ("step", "due", "kind", "account", "contact", "text", "done_by", "done_at")
    rows = (
        (
            step.number,
            step.due,
            step.kind,
            one.account.name,
            one.contact.name,
            step.text,
            step.done_by,
            step.done_at,
        )
        for one in page.contacts
        for step in one.steps
    )
    return csvs.table("plan steps", columns, rows)


@blueprint.get("/accounts/<id:account>/cover")
def cover(account: str) -> str:
    """How best can we serve: the fewest introductions that spread the relationship, and what the customer gains."""
    page = site().services.coverage(site().viewer, account)
    seen_run(page.run)
    return render_template("cover.html", page=page)


@blueprint.post("/accounts/<id:account>/cover")
def save_cover(account: str) -> ResponseReturnValue:
    """Keeps the coverage plan."""
    plan = site().services.save_coverage(site().viewer, account, limit=None)
    return redirect(url_for("departures.plan", plan=plan), 303)


@blueprint.get("/exposure")
def exposure() -> str:
    """Whose leaving together would hurt most: a set of people, never an order."""
    objective = request.args.get("objective", "exposure")
    if objective not in ("exposure", "disturbed", "stranded"):
        abort(400, "The objective is exposure, disturbed or stranded.")
    try:
        k = min(max(int(request.args.get("k", "1")), 1), 20)
    except ValueError:
        abort(400, "How many people leave is a number.")
    currency = request.args.get("currency") or None
    page = site().services.exposure(site().viewer, k=k, objective=objective, currency=currency)
    seen_run(page.run)
    return render_template("exposure.html", page=page)
