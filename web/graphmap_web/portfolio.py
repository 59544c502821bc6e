"""The portfolio as a table and as CSV."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Response, render_template

from graphmap.services.values import AccountLine, PortfolioFilter
from graphmap_web import csvs, wanted
from graphmap_web.site import seen_run, site

COLUMNS = (
    "id",
    "name",
    "owner",
    "segment",
    "territory",
    "team",
    "annual_value",
    "currency",
    "renewal_on",
    "status",
    "band",
    "dependence",
    "lower",
    "upper",
    "effective_sample",
    "top_rep",
    "split_top_rep",
    "split_other_reps",
    "split_firm",
    "plain_share",
    "effective_reps",
    "contact_dependence",
    "effective_contacts",
    "active_reps",
    "active_contacts",
    "connectivity",
    "bus_factor",
    "orphaned_share",
    "lost_contact_share",
    "cell_ours",
    "cell_theirs",
    "findings",
    "last_two_way_at",
    "interactions",
)


def page(*, figures: bool) -> str:
    """The table, with the key figures above it on the first page of the site."""
    found = site().services.portfolio(site().viewer, wanted.from_address())
    seen_run(found.run)
    return render_template(
        "portfolio.html",
        page=found,
        figures=found.figures if figures else None,
        endpoint="accounts.portfolio_page" if figures else "accounts.all_accounts",
        address=wanted.to_address(found.filter),
        sides=wanted.sides(found.filter.cell),
        filtered=wanted.is_filtered(found.filter),
        to_address=wanted.to_address,
        sorted_by=wanted.sorted_by,
        order_of=wanted.order_of,
        on_page=wanted.on_page,
    )


def _lines(asked: PortfolioFilter) -> Iterator[AccountLine]:
    number = 1
    while True:
        found = site().services.portfolio(site().viewer, wanted.everything(asked, number))
        yield from found.lines
        number += 1
        if number > found.pages or not found.lines:
            return


def _row(line: AccountLine) -> tuple[object, ...]:
    return (
        line.id,
        line.name,
        line.owner.name if line.owner else None,
        line.segment,
        line.territory,
        line.team,
        line.annual_value,
        line.currency,
        line.renewal_on,
        line.status,
        line.band,
        line.dependence,
        line.lower,
        line.upper,
        line.effective_sample,
        line.top_rep.name if line.top_rep else None,
        line.split.top_rep,
        line.split.other_reps,
        line.split.firm,
        line.plain_share,
        line.effective_reps,
        line.contact_dependence,
        line.effective_contacts,
        line.active_reps,
        line.active_contacts,
        line.connectivity,
        line.bus_factor,
        line.orphaned_share,
        line.lost_contact_share,
        line.cell.ours,
        line.cell.theirs,
        " ".join(finding.rule for finding in line.findings),
        line.last_two_way_at,
        line.interactions,
    )


def download() -> Response:
    """All accounts of this view, full precision."""
    return csvs.table("accounts", COLUMNS, (_row(line) for line in _lines(wanted.from_address())))
