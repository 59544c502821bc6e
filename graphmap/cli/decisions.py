"""``graphmap decide``: contact rules and accepted findings, kept with author, time, reason and expiry."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from graphmap.cli.context import as_json, common, now, opened, print_json, print_table, say, settings_of

if TYPE_CHECKING:
    from graphmap.services.deciding import Said
    from graphmap.services.values import DecisionLine

F = TypeVar("F", bound=Callable[..., Any])


def _saying(command: F) -> F:
    for option in (
        click.option("--author", default="local administrator", show_default=True, help="Who decides."),
        click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="First day it no longer stands."),
        click.option("--reason", required=True, help="Why."),
    ):
        command = option(command)
    return command


def _said(author: str, reason: str, until: datetime.datetime | None) -> Said:
    from graphmap.services.deciding import Said
    from graphmap.services.values import Viewer

    ends = None if until is None else int(until.replace(tzinfo=datetime.UTC).timestamp() * 1000)
    return Said(Viewer(author), reason, ends, now)


@click.group()
def decide() -> None:
    """Decisions about contacts and findings: stored with author, date, reason and expiry."""


@decide.command()
@click.option("--contact", metavar="PERSON", help="The contact it is about: id, address or exact name.")
@click.option("--account", metavar="ACCOUNT", help="Or everybody at this account.")
@click.option("--through", metavar="PERSON", help="Only through this colleague.")
@click.option("--not-at-all", is_flag=True, help="Nobody is to get in touch.")
@_saying
@as_json
@common
def rule(
    contact: str | None, account: str | None, through: str | None, not_at_all: bool, reason: str,
    until: datetime.datetime | None, author: str, json_: bool, home: Path | None, store_uri: str | None, config_file: Path | None,
) -> None:  # fmt: skip
    """Through whom a contact may be reached, or that they may not be. Plans and paths keep to it.

    Example: graphmap decide rule --contact carl@acme.example --through anna.berg@ours.example --reason "knows him well"
    """
    from graphmap.errors import ConfigError
    from graphmap.services.deciding import set_rule

    if not_at_all == (through is not None):
        raise ConfigError("a rule says one thing", remedy="give --through PERSON or --not-at-all")
    with opened(settings_of(home, store_uri, config_file)) as store:
        made = set_rule(
            store, _said(author, reason, until), contact=contact, account=account, through=through
        )
    _told(made.id, f"decided by {made.author}", json_=json_)


@decide.command()
@click.argument("account")
@click.argument("finding")
@_saying
@as_json
@common
def accept(
    account: str, finding: str, reason: str, until: datetime.datetime | None, author: str, json_: bool, home: Path | None,
    store_uri: str | None, config_file: Path | None,
) -> None:  # fmt: skip
    """Accept a finding of an account: it stays raised, with who accepted it and why beside it.

    Example: graphmap decide accept acme cut_person --reason "retires together with the product" --until 2027-01-01
    """
    from graphmap.services.deciding import accept_finding

    with opened(settings_of(home, store_uri, config_file)) as store:
        made = accept_finding(store, _said(author, reason, until), account, finding)
    _told(made.id, f"decided by {made.author}", json_=json_)


@decide.command()
@click.argument("who", metavar="ACCOUNT")
@click.option(
    "--kind", type=click.Choice(["account", "partner", "other", "own"]), help="What the firm is to us."
)
@click.option("--owner", metavar="PERSON", help="Who owns it.")
@click.option("--name", help="Its name.")
@click.option("--value", "annual_value", type=click.FloatRange(0), help="Value a year.")
@click.option("--currency", help="Currency of the value, e.g. EUR.")
@click.option("--renewal-on", metavar="DATE", help="When the contract ends or is renewed.")
@click.option("--segment", help="Segment.")
@click.option("--industry", help="Industry.")
@click.option("--parent", metavar="FIRM", help="The firm it is part of.")
@_saying
@as_json
@common
def account(
    who: str, kind: str | None, owner: str | None, name: str | None, annual_value: float | None, currency: str | None,
    renewal_on: str | None, segment: str | None, industry: str | None, parent: str | None, reason: str,
    until: datetime.datetime | None, author: str, json_: bool, home: Path | None, store_uri: str | None, config_file: Path | None,
) -> None:  # fmt: skip
    """Correct what is known of an account; it wins over every import. A domain that belongs to no firm becomes one by --kind.

    Example: graphmap decide account newco.example --kind account --reason "a customer since May"
    """
    from graphmap.errors import ConfigError, NotScoredError
    from graphmap.ingest.settling import settle
    from graphmap.services.correcting import correct_account
    from graphmap.services.scoringrun import run_scoring

    given = {
        "kind": kind, "owner": owner, "name": name, "annual_value": None if annual_value is None else repr(annual_value),
        "currency": currency, "renewal_on": renewal_on, "segment": segment, "industry": industry, "parent": parent,
    }  # fmt: skip
    fields = {field: value for field, value in given.items() if value is not None}
    if not fields:
        raise ConfigError("nothing to correct", remedy="give --kind, --owner, --name, --value, ...")
    if until is not None:
        raise ConfigError("a correction has no end", remedy="leave --until out; decide undo takes it back")
    settings = settings_of(home, store_uri, config_file)
    with opened(settings) as store:
        made = correct_account(store, who, fields, author=author, reason=reason, now=now, settle=settle)
        try:
            run_scoring(store, settings, now=now)
        except NotScoredError:
            say("nothing to score yet")
    if json_:
        print_json([{"id": d.id, "identity": d.identity, "field": d.field, "value": d.value} for d in made])
    for decision in made:
        say(f"{decision.id}: {decision.field} = {decision.value}, decided by {decision.author}")


@decide.command("list")
@as_json
@common
def list_(json_: bool, home: Path | None, store_uri: str | None, config_file: Path | None) -> None:
    """What is in force now. Example: graphmap decide list"""
    from graphmap.services.deciding import decided

    with opened(settings_of(home, store_uri, config_file)) as store:
        lines = decided(store, now())
    if json_:
        print_json([_plain(line) for line in lines])
        return
    rows = [
        (
            line.id, line.about.name, _words(line), line.reason, line.author, line.at[:10], (line.until or "")[:10],
        )
        for line in lines
    ]  # fmt: skip
    print_table(f"{len(rows)} decisions", ("id", "about", "decided", "why", "by", "on", "until"), rows)


@decide.command()
@click.argument("decision")
@click.option("--author", default="local administrator", show_default=True, help="Who takes it back.")
@as_json
@common
def undo(
    decision: str,
    author: str,
    json_: bool,
    home: Path | None,
    store_uri: str | None,
    config_file: Path | None,
) -> None:
    """Take a decision back; that it was made stays known. Example: graphmap decide undo d-0123456789abcdef"""
    from graphmap.ingest.settling import settle
    from graphmap.services.deciding import take_back

    with opened(settings_of(home, store_uri, config_file)) as store:
        take_back(store, _said(author, "", None), decision, settle)
    _told(decision, f"taken back by {author}", json_=json_)


def _told(decision: str, what: str, *, json_: bool) -> None:
    if json_:
        print_json({"id": decision})
    say(f"{decision}: {what}")


def _words(line: DecisionLine) -> str:
    if line.through is not None:
        return f"only through {line.through.name}"
    if line.field is not None:
        return f"{line.field} = {line.value}"
    return f"{line.rule} accepted" if line.rule else "not to be contacted"


def _plain(line: DecisionLine) -> dict[str, object]:
    return {
        "id": line.id, "about": {"id": line.about.id, "name": line.about.name}, "kind": line.kind,
        "through": None if line.through is None else {"id": line.through.id, "name": line.through.name},
        "rule": line.rule, "field": line.field, "value": line.value, "author": line.author, "at": line.at, "reason": line.reason, "until": line.until,
    }  # fmt: skip
