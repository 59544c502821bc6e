"""Accounts: the table, one account, its evidence, its map and its downloads."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, Response, render_template, request

from graphmap.services.values import AccountPage
from graphmap_web import csvs, portfolio, words
from graphmap_web.account_map import payload
from graphmap_web.payloads import answer
from graphmap_web.reasons import reasons, shown_names
from graphmap_web.site import seen_run, site

blueprint = Blueprint("accounts", __name__)


@blueprint.get("/")
def portfolio_page() -> str:
    """Key figures and the table."""
    return portfolio.page(figures=True)


@blueprint.get("/accounts")
def all_accounts() -> str:
    """The table alone."""
    return portfolio.page(figures=False)


@blueprint.get("/accounts.csv")
def download() -> Response:
    """The table as CSV."""
    return portfolio.download()


def _account(account: str) -> AccountPage:
    page = site().services.account(site().viewer, account)
    seen_run(page.run)
    return page


@blueprint.get("/accounts/<id:account>")
def account(account: str) -> str:
    """One account: how much it depends on whom, why, through whom, and the evidence."""
    page = _account(account)
    lanes = len({contact.department for contact in page.contacts})
    size = len(page.contacts) + 1.4 * lanes
    return render_template(
        "account.html",
        page=page,
        line=page.account,
        reps=sorted(page.reps, key=lambda rep: (rep.name.casefold(), rep.id)),
        names=shown_names(page),
        people=_people(page),
        reasons=reasons(page),
        map_size="tall"
        if size > 22 or len(page.reps) > 8
        else "short"
        if size < 9 and len(page.reps) < 4
        else "middle",
        mark=words.mark(page.account),
    )


@blueprint.get("/accounts/<id:account>/trend")
def trend(account: str) -> str:
    """How the dependence went, month by month."""
    page = site().services.trend(site().viewer, account)
    seen_run(page.run)
    values = [p.dependence if p.status != "no_data" else None for p in page.points]
    return render_template("trend.html", page=page, spark=spark(values, 660, 132))


@blueprint.get("/accounts/<id:account>/served")
def served(account: str) -> str:
    """The customer's side: coverage, departments, answers, stage."""
    page = site().services.served(site().viewer, account)
    seen_run(page.run)
    return render_template("served.html", page=page)


def spark(values: Sequence[float | None], width: float = 220, height: float = 44) -> str:
    """The path of a line through values 0-100 at equal steps; a gap where one is not known.

    >>> spark([0, None, 100, 50], 30, 10)
    'M0.0 10.0 M20.0 0.0 L30.0 5.0'
    """
    step = width / max(len(values) - 1, 1)
    told: list[str] = []
    drawn = False
    for k, value in enumerate(values):
        if value is not None:
            told.append(f"{'L' if drawn else 'M'}{k * step:.1f} {height * (1 - value / 100):.1f}")
        drawn = value is not None
    return " ".join(told)


def _people(page: AccountPage) -> frozenset[str]:
    """Ids that have a page of their own: the firm and an unnamed contact are nobody."""
    unnamed = {contact.id for contact in page.contacts if contact.unnamed}
    return (
        frozenset({rep.id for rep in page.reps} | {contact.id for contact in page.contacts})
        - unnamed
        - {words.FIRM}
    )


@blueprint.get("/accounts/<id:account>/map.json")
def map_data(account: str) -> Response:
    """Nodes and edges of the account's map."""
    return answer(payload(_account(account)))


@blueprint.get("/accounts/<id:account>/ties.csv")
def ties(account: str) -> Response:
    """The account's ties, full precision."""
    page = _account(account)
    names = shown_names(page)
    columns = (
        "account", "rep", "rep_name", "contact", "contact_name", "strength", "inbound", "outbound", "other",
        "active", "first_at", "last_at", "interactions",
    )  # fmt: skip
    rows = (
        (
            page.account.id,
            tie.rep,
            names.get(tie.rep, tie.rep),
            tie.contact,
            names.get(tie.contact, tie.contact),
            tie.strength,
            tie.inbound,
            tie.outbound,
            tie.other,
            str(tie.active).lower(),
            tie.first_at,
            tie.last_at,
            tie.interactions,
        )
        for tie in page.ties
    )
    return csvs.table(f"{page.account.name} ties", columns, rows)


@blueprint.get("/accounts/<id:account>/evidence")
def evidence(account: str) -> str:
    """The dated interactions behind a tie, or behind the whole account."""
    wide = request.args.get("all") == "1"
    page = site().services.evidence(
        site().viewer,
        account,
        rep=request.args.get("rep") or None,
        contact=request.args.get("contact") or None,
        limit=5000 if wide else 200,
    )
    seen_run(page.run)
    return render_template("evidence.html", page=page, wide=wide)
