"""``graphmap compare`` and ``graphmap trend``: what changed, and how the dependence went."""

from __future__ import annotations

import datetime
from pathlib import Path

import click

from graphmap.cli.context import answering, as_json, between, common, print_json, print_table, settings_of

DAY = click.DateTime(["%Y-%m-%d"])


@click.command()
@click.argument("before", type=DAY, metavar="DATE")
@click.argument("after", type=DAY, metavar="DATE")
@as_json
@common
def compare(
    before: datetime.datetime, after: datetime.datetime, json_: bool, home: Path | None, store_uri: str | None, config_file: Path | None
) -> None:  # fmt: skip
    """What changed between the ends of two days: new, worse, better, resolved. Example: graphmap compare 2026-03-31 2026-06-30"""
    from graphmap.services.plain import compare_json
    from graphmap.services.values import LOCAL_ADMIN

    with answering(settings_of(home, store_uri, config_file)) as services:
        page = services.compare(LOCAL_ADMIN, before.date(), after.date())
    if json_:
        print_json(compare_json(page))
        return
    rows = [
        (
            one.account.name, one.before.dependence, between(one.before), one.after.dependence, between(one.after),
            one.before.band or one.before.status, one.after.band or one.after.status,
            ", ".join(one.new), ", ".join(one.worse), ", ".join(one.better), ", ".join(one.resolved),
        )
        for one in page.accounts
    ]  # fmt: skip
    columns = (
        "account",
        "dependence",
        "90 %",
        "then",
        "90 %",
        "band",
        "then",
        "new",
        "worse",
        "better",
        "resolved",
    )
    print_table(
        f"{len(rows)} accounts changed between {page.before[:10]} and {page.after[:10]}", columns, rows
    )


@click.command()
@click.argument("account")
@click.option(
    "--months", type=click.IntRange(1, 60), default=12, show_default=True, help="How many month ends."
)
@as_json
@common
def trend(
    account: str, months: int, json_: bool, home: Path | None, store_uri: str | None, config_file: Path | None
) -> None:
    """How the dependence of an account went. Example: graphmap trend acme.example --months 24"""
    from graphmap.services.plain import trend_json
    from graphmap.services.values import LOCAL_ADMIN

    with answering(settings_of(home, store_uri, config_file)) as services:
        page = services.trend(LOCAL_ADMIN, account, months)
    if json_:
        print_json(trend_json(page))
        return
    told = "too little data to tell" if page.change is None else f"{page.change:+.0f} points within 90 days"
    click.echo(f"{page.account.name}: {page.direction} ({told})")
    rows = [(p.at[:10], p.dependence, p.lower, p.upper, p.status) for p in page.points]
    print_table("month ends", ("day", "dependence", "lower", "upper", "status"), rows)
