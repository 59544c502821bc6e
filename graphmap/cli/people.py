"""``graphmap person show``, ``person set`` and ``person verify``."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from graphmap.cli.context import (
    answering,
    as_json,
    common,
    now,
    opened,
    print_json,
    print_table,
    say,
    settings_of,
)


@click.group()
def person() -> None:
    """What is stored about a person; corrections, kept as decisions."""


@person.command()
@click.argument("who")
@click.option("--all", "everything", is_flag=True, help="Everything that is stored, for an access request.")
@as_json
@common
def show(
    who: str,
    everything: bool,
    json_: bool,
    home: Path | None,
    store_uri: str | None,
    config_file: Path | None,
) -> None:
    """A person by id, address or exact name. Example: graphmap person show anna.berg@ourfirm.example"""
    from graphmap.services.personal import everything_about, person_json
    from graphmap.services.values import LOCAL_ADMIN

    settings = settings_of(home, store_uri, config_file)
    with answering(settings) as services:
        page = services.person(LOCAL_ADMIN, who)
        extra = everything_about(services.store, page.person.id) if everything else {}
    if json_ or everything:
        print_json({**person_json(page), **extra})
        return
    click.echo(f"{page.person.name} ({page.person.id}){', ours' if page.ours else ''}")
    for a in page.affiliations:
        click.echo(
            f"  {a.title or 'works'} at {a.firm.name}, {a.valid_from or 'always'} to {a.valid_to or 'now'}"
        )
    print_table("ties", ("account", "with", "strength", "active", "last"), [
        (t.account.name, t.other.name, t.strength, "yes" if t.active else "", t.last_at[:10]) for t in page.ties
    ])  # fmt: skip


@person.command("set")
@click.argument("who")
@click.option("--left", metavar="DATE", help="First day they no longer work where they do.")
@click.option("--firm", help="The account or firm where they really work (id, domain or name).")
@click.option("--title", help="Their title.")
@click.option("--seniority", type=click.IntRange(0, 3), help="0 user, 1 manager, 2 director, 3 executive.")
@click.option(
    "--still-there", is_flag=True, help="You looked: they work where the records say, in the same part."
)
@click.option("--reason", default="", help="Why.")
@click.option("--author", default="local administrator", show_default=True, help="Who decides.")
@as_json
@common
def set_(
    who: str, left: str | None, firm: str | None, title: str | None, seniority: int | None, still_there: bool,
    reason: str, author: str, json_: bool, home: Path | None, store_uri: str | None, config_file: Path | None,
) -> None:  # fmt: skip
    """Correct what is known of a person; the decision wins over every import, with author and time.

    Example: graphmap person set anna.berg@ourfirm.example --left 2026-06-30 --reason "moved on"
    """
    from graphmap.errors import ConfigError, NotScoredError
    from graphmap.ingest.settling import settle
    from graphmap.services.correcting import correct
    from graphmap.services.scoringrun import run_scoring
    from graphmap.services.values import LOCAL_ADMIN
    from graphmap.services.verifying import still_there as seen
    from graphmap.store.decisions import Decision

    fields = {
        "left": left,
        "firm": firm,
        "title": title,
        "seniority": None if seniority is None else str(seniority),
    }
    chosen = {name: value for name, value in fields.items() if value is not None}
    if not chosen and not still_there:
        raise ConfigError(
            "nothing to set", remedy="give --left, --firm, --title, --seniority or --still-there"
        )
    settings = settings_of(home, store_uri, config_file)
    made: list[Decision] = []
    with opened(settings) as store:
        if still_there:
            made.append(seen(store, replace(LOCAL_ADMIN, name=author), who, reason=reason, now=now))
        if chosen:
            made += correct(store, who, chosen, author=author, reason=reason, now=now, settle=settle)
            try:
                run_scoring(store, settings, now=now)
            except NotScoredError:
                say("nothing to score yet")
    if json_:
        print_json(
            [
                {"id": d.id, "identity": d.identity, "field": d.field, "value": d.value, "author": d.author}
                for d in made
            ]
        )
    for decision in made:
        what = (
            f"{decision.field} = {decision.value}" if decision.kind == "set" else f"seen on {decision.value}"
        )
        say(f"{decision.id}: {what}, decided by {decision.author}")


@person.command()
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True, help="At most so many lines.")
@as_json
@common
def verify(
    limit: int, json_: bool, home: Path | None, store_uri: str | None, config_file: Path | None
) -> None:
    """People to look at: long silent, a mail came back, another title. Nothing is ended by it.

    Example: graphmap person verify
    """
    from graphmap.services.values import LOCAL_ADMIN

    settings = settings_of(home, store_uri, config_file)
    with answering(settings) as services:
        page = services.verify(LOCAL_ADMIN)
    if json_:
        print_json(
            [
                {
                    "person": {"id": v.person.id, "name": v.person.name},
                    "firm": None if v.at is None else {"id": v.at.id, "name": v.at.name},
                    "why": v.why, "since": v.since, "sentence": v.sentence,
                }
                for v in page.people
            ]
        )  # fmt: skip
        return
    print_table("to verify", ("person", "at", "since", "because"), [
        (v.person.name, v.at.name if v.at else "ours", v.since, v.sentence) for v in page.people[:limit]
    ])  # fmt: skip
    say(
        f"{len(page.people)} people to look at. graphmap person set WHO --left DATE says that they left, --still-there that they did not."
    )
