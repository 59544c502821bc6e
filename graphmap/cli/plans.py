"""``graphmap plan``: plans that are carried out, ticked off, and measured by new interactions."""

from __future__ import annotations

import csv
import datetime
import sys
from pathlib import Path

import click

from graphmap.cli.context import answering, as_json, common, print_json, print_table, say, settings_of


@click.group()
def plan() -> None:
    """Handover and coverage plans: saved, shown, ticked off; progress is what the interactions say."""


@plan.command()
@click.option("--leaving", multiple=True, metavar="PERSON", help="A handover plan for whoever leaves.")
@click.option("--team", "teams", multiple=True, help="Everybody of ours in this team leaves.")
@click.option(
    "--department", "departments", multiple=True, help="Everybody of ours in this department leaves."
)
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="The last day, YYYY-MM-DD.")
@click.option("--cover", "account", metavar="ACCOUNT", help="Or a coverage plan for an account.")
@click.option("--limit", type=click.FloatRange(0, 100), help="Dependence to come below (with --cover).")
@click.option("--author", default="local administrator", show_default=True, help="Who makes the plan.")
@as_json
@common
def save(
    leaving: tuple[str, ...], teams: tuple[str, ...], departments: tuple[str, ...], on: datetime.datetime | None,
    account: str | None, limit: float | None, author: str, json_: bool, home: Path | None, store_uri: str | None,
    config_file: Path | None,
) -> None:  # fmt: skip
    """Store a plan. Example: graphmap plan save --leaving anna.berg@ours.example --on 2026-12-31"""
    from graphmap.errors import ConfigError
    from graphmap.services.departures import Leaving
    from graphmap.services.values import Viewer

    someone = bool(leaving or teams or departments)
    if someone == (account is not None):
        raise ConfigError(
            "a plan is about people who leave or about one account",
            remedy="give --leaving PERSON or --cover ACCOUNT",
        )
    with answering(settings_of(home, store_uri, config_file)) as services:
        who = Viewer(author)
        if account is not None:
            made = services.save_coverage(who, account, limit=limit)
        else:
            date = None if on is None else on.date()
            made = services.save_handover(who, Leaving(leaving, teams, departments), on=date)
    if json_:
        print_json({"id": made})
    say(f"saved as {made}; graphmap plan show {made}")


@plan.command("list")
@as_json
@common
def list_(json_: bool, home: Path | None, store_uri: str | None, config_file: Path | None) -> None:
    """All plans. Example: graphmap plan list"""
    from graphmap.services.plain import plan_line_json
    from graphmap.services.values import LOCAL_ADMIN

    with answering(settings_of(home, store_uri, config_file)) as services:
        lines = services.plans(LOCAL_ADMIN)
    if json_:
        print_json([plan_line_json(line) for line in lines])
        return
    rows = [
        (line.id, line.kind, ", ".join(one.name for one in line.about), line.on or "", line.author, line.at[:10], f"{line.done}/{line.steps}")
        for line in lines
    ]  # fmt: skip
    print_table(f"{len(rows)} plans", ("id", "kind", "about", "last day", "by", "made", "ticked"), rows)


@plan.command()
@click.argument("plan_id", metavar="PLAN")
@click.option("--csv", "csv_", is_flag=True, help="The steps as CSV on stdout.")
@as_json
@common
def show(
    plan_id: str, csv_: bool, json_: bool, home: Path | None, store_uri: str | None, config_file: Path | None
) -> None:
    """One plan with its steps, ticks and progress. Example: graphmap plan show d-0123456789abcdef"""
    from graphmap.services.plain import plan_json
    from graphmap.services.values import LOCAL_ADMIN

    with answering(settings_of(home, store_uri, config_file)) as services:
        page = services.plan(LOCAL_ADMIN, plan_id)
    if json_:
        print_json(plan_json(page))
        return
    if csv_:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(("step", "due", "kind", "account", "contact", "text", "done_by", "done_at"))
        for one in page.contacts:
            for s in one.steps:
                writer.writerow(
                    (
                        s.number,
                        s.due,
                        s.kind,
                        one.account.name,
                        one.contact.name,
                        s.text,
                        s.done_by or "",
                        s.done_at or "",
                    )
                )
        return
    about = ", ".join(one.name for one in page.line.about)
    click.echo(
        f"{page.line.kind.capitalize()} plan for {about}, made by {page.line.author} on {page.line.at[:10]} from data to {page.since[:10]}"
    )
    click.echo(
        f"{page.line.done} of {page.line.steps} steps ticked off; {page.carried} of {len(page.contacts)} contacts in active touch since"
    )
    for one in page.contacts:
        click.echo(f"\n  {one.contact.name}, {one.account.name}: {_progress_words(one.progress)}")
        if one.note:
            click.echo(f"    {one.note}")
        for who, why in one.people:
            click.echo(f"    {who.name}. {why}")
        for step in one.steps:
            mark = f"[x] by {step.done_by} on {(step.done_at or '')[:10]}" if step.done_by else "[ ]"
            click.echo(f"    {step.number:>3} {mark} {step.due} {step.kind.replace('_', ' ')}: {step.text}")


@plan.command()
@click.argument("plan_id", metavar="PLAN")
@click.argument("step", type=int)
@click.option("--undo", is_flag=True, help="Take the tick back.")
@click.option("--author", default="local administrator", show_default=True, help="Who did it.")
@as_json
@common
def tick(
    plan_id: str,
    step: int,
    undo: bool,
    author: str,
    json_: bool,
    home: Path | None,
    store_uri: str | None,
    config_file: Path | None,
) -> None:
    """Tick a step off. Progress is measured from new interactions all the same.

    Example: graphmap plan tick d-0123456789abcdef 2
    """
    from graphmap.services.values import Viewer

    with answering(settings_of(home, store_uri, config_file)) as services:
        services.tick(Viewer(author), plan_id, step, done=not undo)
    if json_:
        print_json({"id": plan_id, "step": step, "done": not undo})
    say(f"step {step}: {'open again' if undo else 'done'}")


def _progress_words(progress: object) -> str:
    from graphmap.services.plans import Progress

    assert isinstance(progress, Progress)
    if progress.by is None:
        return "no new interaction yet"
    times = f"{progress.interactions} interaction{'' if progress.interactions == 1 else 's'}"
    state = "carried" if progress.state == "carried" else "begun"
    return f"{state}: {progress.by.name} had {times} since, the last on {(progress.last_at or '')[:10]}"
