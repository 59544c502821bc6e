"""``python -m graphmap.research validate``: the tables of docs/validation.md, made anew from nothing but seeds."""

from __future__ import annotations

import click

from graphmap.research.coverage import coverage
from graphmap.research.validation import TASKS, auc_table, band_table, coverage_table, validate
from graphmap.research.worlds import TABLE, WORLDS
from graphmap.scoring.formula import Formula

COVERED = ("base", "thin-data")
"""The worlds whose interval is examined: one with plenty of records and one with few."""


@click.group()
def research() -> None:
    """How far the number can be trusted, on invented worlds whose truth is known."""


@research.command()
def worlds() -> None:
    """The worlds and what is different in each."""
    for world in WORLDS:
        click.echo(f"{world.name:14} {world.says}")


@research.command(name="validate")
@click.option(
    "--world", "names", multiple=True, type=click.Choice(list(TABLE)), help="Only this world (repeat)."
)
@click.option(
    "--accounts",
    default=6000,
    show_default=True,
    type=click.IntRange(50),
    help="Accounts per world and seed.",
)
@click.option("--seeds", default=8, show_default=True, type=click.IntRange(1), help="How many seeds.")
@click.option(
    "--logs", default=40, show_default=True, type=click.IntRange(2), help="Logs that make up the true index."
)
@click.option(
    "--rounds", default=500, show_default=True, type=click.IntRange(20), help="Rounds of the bootstrap."
)
def validate_command(names: tuple[str, ...], accounts: int, seeds: int, logs: int, rounds: int) -> None:
    """D against plain share, CRM owner, HHI and the truth; loss per band; coverage of the interval."""
    formula = Formula()
    chosen = [TABLE[name] for name in names] or list(WORLDS)
    click.echo(
        f"{len(chosen)} worlds, {seeds} seeds of {accounts:,} accounts, 95 % by {rounds} paired bootstrap rounds\n"
    )
    rows = []
    for row in validate(chosen, range(101, 101 + seeds), accounts, formula, rounds):
        rows.append(row)
        click.echo(f"{row.world}, {row.task}: done", err=True)
    for task in TASKS:
        click.echo(f"### AUC in %, {task}\n")
        click.echo("\n".join(auc_table(rows, task)) + "\n")
    click.echo(f"### Accounts lost per band of what the leaver holds, {TASKS[0]}\n")
    click.echo("\n".join(band_table(rows, TASKS[0])) + "\n")
    covered = [world for world in chosen if world.name in COVERED]
    if covered:
        click.echo(f"### The 90 % interval against the index of {logs} further logs\n")
        few = max(accounts // 4, 50)
        found = [(world.name, coverage(world, few, 201, formula, logs)) for world in covered]
        if covered[0].name == "base":
            new = coverage(covered[0], few, 201, formula, logs, habits_change=True)
            found.append(("base, habits change", new[:1]))
        click.echo("\n".join(coverage_table(found)))


if __name__ == "__main__":
    research(prog_name="python -m graphmap.research")
