"""``graphmap score``, ``accounts`` and ``account``."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import click

from graphmap.cli.context import (
    answering,
    as_json,
    between,
    common,
    now,
    opened,
    print_json,
    print_table,
    say,
    settings_of,
)


@click.command()
@click.option(
    "--as-of",
    "as_of",
    help="ISO 8601 instant, or now; default: the newest interaction that is not in the future.",
)
@click.option(
    "--engine",
    type=click.Choice(["local", "dask"]),
    default="local",
    show_default=True,
    help="Where the kernels run; dask: on account shards (settings scale.*).",
)
@click.option("--recalibrate", is_flag=True, help="Replace the kept baseline by today's.")
@as_json
@common
def score(
    as_of: str | None,
    engine: str,
    recalibrate: bool,
    json_: bool,
    home: Path | None,
    store_uri: str | None,
    config_file: Path | None,
) -> None:
    """Score all accounts and store an assessment of each.

    Example: graphmap score --as-of 2026-06-30T12:00:00Z
    """
    from graphmap.services.scoringrun import Engine, run_scoring
    from graphmap.services.times import iso

    settings = settings_of(home, store_uri, config_file)
    chosen: Engine = "dask" if engine == "dask" else "local"
    with opened(settings) as store:
        result = run_scoring(
            store, settings, now=now, as_of=instant(as_of), recalibrate=recalibrate, engine=chosen
        )
    if result.warning:
        say(f"warning: {result.warning}")
    if json_:
        print_json(
            {
                "run": result.run,
                "as_of": iso(result.as_of),
                "baseline": result.baseline,
                "accounts": result.accounts,
                "statuses": result.statuses,
                "changed": list(result.changed),
            }
        )
        return
    counts = ", ".join(f"{count} {name}" for name, count in result.statuses.items())
    click.echo(f"{result.accounts} accounts scored as of {iso(result.as_of)}: {counts}")
    if result.changed:
        click.echo(f"changed since the last run: {len(result.changed)}: {', '.join(result.changed[:10])}")


def instant(text: str | None) -> int | None:
    """``--as-of`` as epoch milliseconds; None for the default."""
    from graphmap.errors import ConfigError
    from graphmap.services.times import milliseconds

    if text is None:
        return None
    if text == "now":
        return now()
    try:
        return milliseconds(text)
    except ValueError:
        raise ConfigError(
            f"--as-of {text!r} is not an instant", remedy="write it like 2026-06-30T12:00:00Z, or now"
        ) from None


@click.command()
@click.option("--band", help="firm, shared, leaning, dependent or captive.")
@click.option("--flag", help="Only accounts with this finding, e.g. single_threaded_us.")
@click.option("--status", type=click.Choice(["ok", "unknown", "no_data"]))
@click.option(
    "--sort", default=None, help="A column, with - in front for descending; default -dependence (JSON: id)."
)
@click.option("--csv", "csv_", is_flag=True, help="CSV on stdout.")
@as_json
@common
def accounts(
    band: str | None, flag: str | None, status: str | None, sort: str | None, csv_: bool, json_: bool, home: Path | None,
    store_uri: str | None, config_file: Path | None,
) -> None:  # fmt: skip
    """The portfolio of the latest scoring run.

    Example: graphmap accounts --flag single_threaded_us --sort -annual_value
    """
    from graphmap.services.lines import matching, ordered
    from graphmap.services.plain import account_json, run_json
    from graphmap.services.values import LOCAL_ADMIN, PortfolioFilter

    wanted = PortfolioFilter(band=band or "", flag=flag or "", status=status or "")
    with answering(settings_of(home, store_uri, config_file)) as services:
        run, lines = services.accounts(LOCAL_ADMIN)
    chosen = ordered(matching(lines, wanted), sort or ("id" if json_ else "-dependence"))
    if json_:
        print_json({"run": run_json(run), "accounts": [account_json(line) for line in chosen]})
    elif csv_:
        click.echo(accounts_csv([account_json(line) for line in chosen]), nl=False)
    else:
        rows = [
            (
                a.name, "" if a.owner is None else a.owner.name, a.annual_value, a.currency or "", a.status, a.band or "",
                a.dependence, "" if a.lower is None else f"{a.lower:.0f}-{a.upper:.0f}",
                "" if a.top_rep is None else a.top_rep.name, f"{a.active_reps}/{a.active_contacts}",
                ", ".join(f.rule for f in a.findings),
            )
            for a in chosen
        ]  # fmt: skip
        columns = (
            "account",
            "owner",
            "value",
            "",
            "status",
            "band",
            "dependence",
            "90 %",
            "top rep",
            "active ours/theirs",
            "findings",
        )
        print_table(f"{len(chosen)} accounts, data to {run.as_of}", columns, rows)


def accounts_csv(rows: list[dict[str, object]]) -> str:
    """Accounts as CSV; nested values in columns of their own, dangerous cells defused."""
    from graphmap.services.plain import defused, flat

    text = io.StringIO()
    flats = [flat(row) for row in rows]
    writer = csv.DictWriter(text, fieldnames=list(flats[0]) if flats else ["id"], lineterminator="\n")
    writer.writeheader()
    writer.writerows({key: defused(value) for key, value in row.items()} for row in flats)
    return text.getvalue()


@click.command()
@click.argument("who", metavar="ACCOUNT")
@as_json
@common
def account(
    who: str, json_: bool, home: Path | None, store_uri: str | None, config_file: Path | None
) -> None:
    """One account: split, ties, contacts, findings, evidence.

    ACCOUNT is an id, a domain, a source id or an exact name. Example: graphmap account acme.example
    """
    from graphmap.services.plain import account_page_json
    from graphmap.services.values import LOCAL_ADMIN

    with answering(settings_of(home, store_uri, config_file)) as services:
        page = services.account(LOCAL_ADMIN, who)
    if json_:
        print_json(account_page_json(page))
        return
    line = page.account
    click.echo(f"{line.name} ({line.id}), data to {page.run.as_of}")
    click.echo(page.sentence)
    if page.why_unknown:
        click.echo(page.why_unknown)
    for finding in line.findings:
        click.echo(f"  {finding.severity:8} {finding.sentence}")
    names = (
        {r.id: r.name for r in page.reps}
        | {c.id: c.name for c in page.contacts}
        | {"FIRM": "the firm itself"}
    )
    rows = [
        (
            names.get(t.rep, t.rep),
            names.get(t.contact, t.contact),
            t.strength,
            "yes" if t.active else "",
            t.interactions,
            t.last_at[:10],
        )
        for t in sorted(page.ties, key=lambda t: (-t.strength, t.rep, t.contact))
    ]
    print_table("ties", ("ours", "theirs", "strength", "active", "interactions", "last"), rows)
    for one in page.recent:
        people = ", ".join(n.name for n in (*one.ours, *one.theirs))
        click.echo(f"  {one.at[:10]} {one.kind}: {people}")


@click.command()
@click.argument("who", metavar="ACCOUNT")
@as_json
@common
def group(who: str, json_: bool, home: Path | None, store_uri: str | None, config_file: Path | None) -> None:
    """A firm with everything that is part of it, as one account; nothing counts twice. Example: graphmap group acme.example"""
    from graphmap.services.plain import group_json
    from graphmap.services.values import LOCAL_ADMIN

    with answering(settings_of(home, store_uri, config_file)) as services:
        page = services.group(LOCAL_ADMIN, who)
    if json_:
        print_json(group_json(page))
        return
    click.echo(page.sentence)
    rows = [
        (
            m.account.name,
            m.value,
            m.currency or "",
            m.standing.status,
            m.standing.band or "",
            m.standing.dependence,
            between(m.standing),
        )
        for m in page.members
    ]
    print_table(
        f"{len(rows)} accounts, data to {page.run.as_of}",
        ("account", "value", "", "status", "band", "dependence", "90 %"),
        rows,
    )
    for one in page.serving:
        side = "serves" if one.ours else "is known at"
        click.echo(f"  {one.person.name} {side} {', '.join(a.name for a in one.accounts)}")


@click.command()
@click.argument("who", metavar="ACCOUNT")
@as_json
@common
def served(who: str, json_: bool, home: Path | None, store_uri: str | None, config_file: Path | None) -> None:
    """The customer's side: whom we know, which departments serve them, how fast they are answered, at which stage they are.

    Example: graphmap served acme.example
    """
    from graphmap.services.plain import served_json
    from graphmap.services.values import LOCAL_ADMIN

    with answering(settings_of(home, store_uri, config_file)) as services:
        page = services.served(LOCAL_ADMIN, who)
    if json_:
        print_json(served_json(page))
        return
    click.echo(f"{page.account.name}: {page.stage.replace('_', ' ')} ({page.stage_reason})")
    click.echo(
        f"In active touch with {page.covered} of {page.roster} people known there, {page.executives_covered} of {page.executives} executives"
    )
    for hours, count, words in (
        (page.answers.ours_hours, page.answers.ours_count, "We answer"), (page.answers.theirs_hours, page.answers.theirs_count, "They answer"),
    ):  # fmt: skip
        click.echo(
            f"{words} within {hours:.1f} business hours (median of {count})"
            if hours is not None
            else f"{words}: no answer is known"
        )
    rows = [(d.name, d.share, "yes" if d.recent else "") for d in page.departments]
    print_table("departments of ours", ("department", "share", "in touch within 90 days"), rows)
    print_table(
        "departments of theirs",
        ("department", "people", "in active touch"),
        [(d.name, d.people, d.covered) for d in page.their_departments],
    )
    if page.quiet_departments:
        click.echo(f"At this stage usually in touch, but not here: {', '.join(page.quiet_departments)}")
