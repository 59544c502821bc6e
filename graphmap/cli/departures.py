"""``graphmap simulate``: what if they leave."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from graphmap.cli.context import answering, as_json, between, common, print_json, print_table, settings_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphmap.planning.departure import JointRetention
    from graphmap.services.departures import DepartureLine
    from graphmap.services.handovers import HandoverLine


@click.command()
@click.option(
    "--leaving",
    multiple=True,
    metavar="PERSON",
    help="Who leaves: id, address or exact name; ours or theirs.",
)
@click.option("--team", "teams", multiple=True, help="Everybody of ours in this team leaves.")
@click.option(
    "--department", "departments", multiple=True, help="Everybody of ours in this department leaves."
)
@click.option(
    "--joint",
    type=click.Choice(["linear", "sqrt", "any"]),
    default="linear",
    show_default=True,
    help="What a meeting held together keeps when one of ours leaves: their part goes, less goes, or all stays.",
)
@click.option(
    "--on",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The last day, YYYY-MM-DD: dates the plan and changes no number.",
)
@as_json
@common
def simulate(
    leaving: tuple[str, ...], teams: tuple[str, ...], departments: tuple[str, ...], joint: JointRetention,
    on: datetime.datetime | None, json_: bool, home: Path | None, store_uri: str | None, config_file: Path | None,
) -> None:  # fmt: skip
    """What if they leave: every account they touch, before and after, and who could take over. Writes nothing.

    An exposure is not a forecast. Example: graphmap simulate --leaving anna.berg@ours.example
    """
    from graphmap.errors import ConfigError
    from graphmap.services.departures import Leaving
    from graphmap.services.plain import departure_json
    from graphmap.services.values import LOCAL_ADMIN

    wanted = Leaving(leaving, teams, departments)
    if not any((leaving, teams, departments)):
        raise ConfigError(
            "nobody was named", remedy="name who leaves: --leaving PERSON, --team T or --department D"
        )
    with answering(settings_of(home, store_uri, config_file)) as services:
        page = services.departure(LOCAL_ADMIN, wanted, joint, None if on is None else on.date())
    if json_:
        print_json(departure_json(page))
        return
    click.echo(page.sentence)
    rows = [_row(line) for line in page.lines]
    columns = (
        "account",
        "dependence",
        "90 %",
        "after",
        "90 %",
        "band",
        "after",
        "stays",
        "nobody left for",
        "somebody left for",
        "exposed a year",
    )
    print_table(f"{len(rows)} accounts, data to {page.run.as_of}", columns, rows)
    for line in page.lines:
        for one in line.covered_contacts:
            click.echo(f"  {line.name}: {one.contact.name} still has {one.by.name}")
        for contact in line.orphaned_contacts:
            click.echo(f"  {line.name}: {contact.name} would have nobody of ours")
    tell_plan(page.plan, f"Handover plan, last day {page.on}")


def tell_plan(plan: Sequence[HandoverLine], title: str) -> None:
    """A handover plan as text: contact by contact, most at stake first."""
    if not plan:
        return
    click.echo(f"\n{title}")
    for line in plan:
        click.echo(f"\n  {line.contact.name}, {line.account.name} ({_part(line.hangs)} of the account)")
        if line.note:
            click.echo(f"    {line.note}")
        for one in line.successors:
            click.echo(f"    could take over: {one.person.name}. {one.reason}")
        for step in line.steps:
            click.echo(f"    [ ] {step.due} {step.kind.replace('_', ' ')}: {step.text}")


def _part(percent: float) -> str:
    return "under 1 %" if percent < 1 else f"{percent:.0f} %"


def _row(line: DepartureLine) -> tuple[object, ...]:
    exposed = line.exposure
    money = (
        ""
        if exposed is None
        else f"{exposed.low:,.0f} - {exposed.high:,.0f} {exposed.currency or ''}".strip()
    )
    return (
        line.name, line.before.dependence, between(line.before), line.after.dependence, between(line.after),
        line.before.band or "", line.after.band or line.after.status, line.retained, len(line.orphaned_contacts), len(line.covered_contacts), money,
    )  # fmt: skip
