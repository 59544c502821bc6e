"""``graphmap cover`` and ``graphmap exposure``: what would help, and which departures would hurt most."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from graphmap.cli.context import answering, as_json, common, print_json, print_table, settings_of

if TYPE_CHECKING:
    from graphmap.planning.portfolio import Objective
    from graphmap.services.departures import DeparturePage


@click.command()
@click.argument("account")
@click.option(
    "--limit", type=click.FloatRange(0, 100), help="Dependence to come below (default: planning.limit)."
)
@as_json
@common
def cover(
    account: str,
    limit: float | None,
    json_: bool,
    home: Path | None,
    store_uri: str | None,
    config_file: Path | None,
) -> None:
    """The fewest introductions that bring an account below its limit, and what the customer gains from each.

    Example: graphmap cover acme.example --limit 50
    """
    from graphmap.services.plain import coverage_json
    from graphmap.services.values import LOCAL_ADMIN

    with answering(settings_of(home, store_uri, config_file)) as services:
        page = services.coverage(LOCAL_ADMIN, account, limit)
    if json_:
        print_json(coverage_json(page))
        return
    click.echo(page.sentence)
    for number, step in enumerate(page.steps, start=1):
        click.echo(f"  {number}. {step.how} Then {step.dependence_after:.0f} %.")
        click.echo(f"     {step.gain} {step.reason}")


@click.command()
@click.option("-k", "k", type=int, default=1, show_default=True, help="How many people leave together.")
@click.option(
    "--objective",
    type=click.Choice(["exposure", "disturbed", "stranded"]),
    default="exposure",
    show_default=True,
    help="Value that hangs on them; accounts where one carries 30 %; accounts of which they carry 60 % together.",
)
@click.option("--currency", help="Count accounts in this currency (default: the most frequent one).")
@click.option(
    "--of",
    "who",
    metavar="PERSON",
    help="Instead: what hangs on one of ours, for their own eyes and for reviews.",
)
@as_json
@common
def exposure(
    k: int, objective: Objective, currency: str | None, who: str | None, json_: bool, home: Path | None,
    store_uri: str | None, config_file: Path | None,
) -> None:  # fmt: skip
    """Which departures would hurt most together: a set of people, never an order. Example: graphmap exposure -k 3

    With --of: where one of ours is the only one in touch. Example: graphmap exposure --of anna@ourfirm.example
    """
    from graphmap.services.plain import departure_json, exposure_json
    from graphmap.services.values import LOCAL_ADMIN

    if who is not None:
        with answering(settings_of(home, store_uri, config_file)) as services:
            held = services.person_exposure(LOCAL_ADMIN, who)
        if json_:
            print_json(departure_json(held))
        else:
            _tell_held(held)
        return
    with answering(settings_of(home, store_uri, config_file)) as services:
        page = services.exposure(LOCAL_ADMIN, k=k, objective=objective, currency=currency)
    if json_:
        print_json(exposure_json(page))
        return
    click.echo(page.sentence)
    rows = [(one.account.name, round(one.worth)) for one in page.accounts]
    print_table(
        f"{len(rows)} accounts, data to {page.run.as_of}", ("account", page.currency or "counts"), rows
    )
    if page.left_out:
        click.echo(f"{page.left_out} accounts have no value in that currency and are left out.")
    if page.absence is not None:
        click.echo(
            f"Firm absence factor: {len(page.absence.people)} (no fewer than {page.absence.at_least}). Without "
            f"{', '.join(one.name for one in page.absence.people)}, {page.absence.orphaned:.1f} % of the weighted contacts "
            "would have nobody of ours."
        )


def _tell_held(page: DeparturePage) -> None:
    rows = [
        (
            line.name,
            ", ".join(one.name for one in line.staying) or "nobody",
            ", ".join(contact.name for contact in line.orphaned_contacts),
        )
        for line in sorted(page.lines, key=lambda line: (line.name.casefold(), line.id))
    ]
    names = ", ".join(one.name for one in page.leaving)
    print_table(
        f"what hangs on {names}, data to {page.run.as_of}",
        ("account", "also in touch", "contacts nobody else knows actively"),
        rows,
    )
