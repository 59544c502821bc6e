"""``graphmap path`` and ``graphmap doors``: who could introduce whom, and where a door is still open."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from graphmap.cli.context import answering, as_json, common, print_json, print_table, settings_of

if TYPE_CHECKING:
    from graphmap.planning.paths import Judged


@click.command()
@click.option(
    "--to", "target", required=True, metavar="PERSON", help="Whom to reach: id, address or exact name."
)
@click.option("--from", "start", metavar="PERSON", help="Who asks (default: anybody of ours).")
@click.option("-k", "k", type=click.IntRange(1, 50), default=5, show_default=True, help="How many ways.")
@click.option(
    "--by",
    type=click.Choice(["product", "weakest"]),
    default="product",
    show_default=True,
    help="What a way is worth: the product of its steps, or the weakest of them.",
)
@as_json
@common
def path(
    target: str, start: str | None, k: int, by: Judged, json_: bool, home: Path | None, store_uri: str | None, config_file: Path | None
) -> None:  # fmt: skip
    """Warm paths: who of ours knows a contact, or somebody who could introduce us. Example: graphmap path --to carl@acme.example"""
    from graphmap.services.plain import path_json
    from graphmap.services.values import LOCAL_ADMIN

    with answering(settings_of(home, store_uri, config_file)) as services:
        page = services.path(LOCAL_ADMIN, target, start=start, k=k, by=by)
    if json_:
        print_json(path_json(page))
        return
    if page.note:
        click.echo(page.note)
    for line in page.lines:
        click.echo(f"{' > '.join(one.name for one in line.people)}  ({line.strength:.2f})")
        click.echo(f"  {line.how}")


@click.command()
@as_json
@common
def doors(json_: bool, home: Path | None, store_uri: str | None, config_file: Path | None) -> None:
    """Silent accounts and lost deals where somebody of ours still has an active tie. Example: graphmap doors"""
    from graphmap.services.plain import doors_json
    from graphmap.services.values import LOCAL_ADMIN

    with answering(settings_of(home, store_uri, config_file)) as services:
        run, found = services.doors(LOCAL_ADMIN)
    if json_:
        print_json(doors_json(run, found))
        return
    rows = [
        (
            d.account.name,
            d.why.replace("_", " "),
            d.colleague.name,
            d.department or "",
            d.contact.name,
            d.strength,
            d.last_at[:10],
        )
        for d in found
    ]
    columns = ("account", "why", "colleague", "department", "contact", "strength", "last touch")
    print_table(f"{len(rows)} open doors, data to {run.as_of}", columns, rows)
