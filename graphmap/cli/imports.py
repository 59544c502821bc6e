"""``graphmap import`` and ``graphmap importers``."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from graphmap.cli.context import as_json, common, now, opened, print_json, print_table, say, settings_of, tell
from graphmap.cli.preflight import preflight_json, show_preflight

if TYPE_CHECKING:
    from graphmap.config import Settings
    from graphmap.ingest.importresult import ImportResult
    from graphmap.ingest.protocol import Options
    from graphmap.records import Excluded
    from graphmap.store.graphstore import GraphStore


@click.command("import")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--as", "importer", help="Which importer to use where several know a file.")
@click.option("--mapping", help="A TOML mapping for any CSV, or the name of a shipped one (northwind, ...).")
@click.option(
    "--own-domain", "own_domains", multiple=True, help="A mail domain of ours; may be given several times."
)
@click.option("--tz", help="Time zone of times without an offset, e.g. Europe/Berlin.")
@click.option("--dry-run", is_flag=True, help="Only look: what, how many, what is odd; writes nothing.")
@click.option(
    "--save-mapping",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Propose a mapping for tables that nobody knows and write it here; imports nothing.",
)
@click.option("--again", is_flag=True, help="Read files that were imported before.")
@click.option(
    "--max-rejects", type=float, help="Per cent of records that may be set aside (from 100 records on)."
)
@click.option(
    "--list-excluded",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write a CSV of everything that policy leaves out: file, where, reason.",
)
@click.option(
    "--snapshot",
    is_flag=True,
    help="These files hold all rows of their sources: what is missing has ended there.",
)
@click.option(
    "--accept-loss", is_flag=True, help="Close what is missing in a full export, however much it is."
)
@click.option("--no-score", is_flag=True, help="Do not score afterwards.")
@as_json
@common
def import_command(
    paths: tuple[str, ...], importer: str | None, mapping: str | None, own_domains: tuple[str, ...], tz: str | None,
    dry_run: bool, save_mapping: Path | None, again: bool, max_rejects: float | None, list_excluded: Path | None, snapshot: bool, accept_loss: bool,
    no_score: bool, json_: bool, home: Path | None, store_uri: str | None, config_file: Path | None,
) -> None:  # fmt: skip
    """Import files: identifies each, shows the preflight, loads, scores. A folder or zip is walked.

    Example: graphmap import export/ --own-domain ourfirm.example
    """
    from graphmap.ingest.loading import Wishes, preflight, run_import
    from graphmap.ingest.protocol import Options
    from graphmap.suppression_key import suppression_key

    settings = settings_of(
        home, store_uri, config_file, **{"import__max_rejects": max_rejects, "import__tz": tz}
    )
    declared = tuple(own_domains) or tuple(
        d.strip() for d in settings.text("import.own_domains").split(",") if d.strip()
    )
    options = Options(
        settings.text("import.tz") or None,
        mapping,
        tuple(d.lower() for d in declared),
        settings.whole("import.most_recipients"),
    )
    if save_mapping is not None:
        _propose(paths, options, save_mapping, json_=json_)
        return
    checked = preflight(paths, options, named=importer)
    show_preflight(checked, options)
    if dry_run:
        if list_excluded is not None:
            with _excluded_list(list_excluded) as note:
                for one in checked.looked:
                    for excluded in one.left_out:
                        note(excluded)
        if json_:
            print_json(preflight_json(checked))
        raise click.exceptions.Exit(1 if checked.rejected else 0)
    wishes = Wishes(
        options.own_domains,
        settings.whole("import.batch"),
        settings.number("import.max_rejects"),
        again,
        snapshot=snapshot,
        most_loss=100.0 if accept_loss else settings.number("import.max_loss"),
        suppression_key=suppression_key(settings),
    )
    with opened(settings) as store:
        with _progress() as progress, _excluded_list(list_excluded) as note:
            result = run_import(store, checked, options, wishes, now=now, progress=progress, on_excluded=note)
        if json_:
            print_json(import_json(result))
        show_result(result)
        if not no_score and result.stopped is None:
            score_new(store, settings, result)
    if result.stopped is not None:
        tell(result.stopped, json_=json_)
        raise click.exceptions.Exit(1)
    quarantined = result.totals.quarantined.total()
    refused = [name for name in checked.unknown if name in paths]
    asked = any(not loss.closed for loss in result.losses)
    raise click.exceptions.Exit(1 if quarantined or refused or asked else 0)


def _propose(paths: tuple[str, ...], options: Options, out: Path, *, json_: bool) -> None:
    """Writes a proposed mapping; an existing file, which somebody may have edited, is never replaced."""
    from graphmap.errors import ConfigError, InputError
    from graphmap.ingest.preflight import propose

    if out.exists():
        raise ConfigError("this file exists already", file=str(out), remedy="name another one")
    made = propose(paths, options)
    for remark in made.remarks:
        say(remark)
    if not made.text:
        raise InputError(
            "no file is recognised well enough for a proposal", remedy="write a mapping by docs/mappings.md"
        )
    out.write_text(made.text, encoding="utf-8")
    if json_:
        print_json({"mapping": str(out), "remarks": list(made.remarks)})
    say(
        f"proposed in {out}: look at every line, edit it, then graphmap import PATH --mapping {out} --dry-run"
    )


def score_new(store: GraphStore, settings: Settings, result: ImportResult) -> None:
    """Scores what is new; also where an earlier import was never scored."""
    from graphmap.errors import NotScoredError
    from graphmap.services.scoringrun import is_behind, run_scoring

    if result.run is None and not is_behind(store):
        return
    try:
        scored = run_scoring(store, settings, now=now)
    except NotScoredError as nothing:
        say(f"not scored: {nothing}")
        return
    if scored.warning:
        say(f"warning: {scored.warning}")
    counts = ", ".join(f"{count} {name}" for name, count in scored.statuses.items())
    say(f"scored {scored.accounts} accounts: {counts}")


@contextmanager
def _excluded_list(path: Path | None) -> Generator[Callable[[Excluded], None]]:
    """Writes what is left out as CSV: where it stands and why, nothing of what it says."""
    import csv

    from graphmap.services.plain import defused

    if path is None:
        yield lambda _excluded: None
        return
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("file", "where", "reason"))
        yield lambda e: writer.writerow(
            [defused(c) for c in (e.origin.file, e.origin.position or f"line {e.origin.line}", e.reason)]
        )


@contextmanager
def _progress() -> Generator[Callable[[str, int, int], None]]:
    """Progress by bytes with rate and time left, on stderr and only on a terminal."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        DownloadColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
        TransferSpeedColumn,
    )
    from rich.text import Text

    console = Console(stderr=True)
    columns = (
        TextColumn("{task.fields[file]}", markup=False),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task("import", file="", total=None)

        def report(file: str, done: int, whole: int) -> None:
            bar.update(task, completed=done, total=whole, file=str(Text(file)))

        yield report


def import_json(result: ImportResult) -> dict[str, object]:
    """The result as the contract prints it."""
    from graphmap.services.times import iso

    return {
        "run": {
            "id": result.run,
            "started_at": iso(result.started_at),
            "finished_at": iso(result.finished_at),
            "store": result.store,
        },
        "files": [one.as_json() for one in result.files],
        "totals": result.totals.as_json(),
        "losses": [
            {
                "source": loss.source,
                "object": loss.object,
                "known": loss.known,
                "vanished": loss.vanished,
                "closed": loss.closed,
            }
            for loss in result.losses
        ],
    }


def show_result(result: ImportResult) -> None:
    """What became of every file, and what to look at."""
    for loss in result.losses:
        say(loss.sentence)
    for one in result.files:
        known = one.balance
        if one.skipped:
            say(f"{one.path}: imported before, {known.read} records unchanged (--again reads it anyway)")
            continue
        text = f"{one.path}: read {known.read} = new {known.new} + updated {known.updated} + unchanged {known.unchanged}"
        text += f" + duplicate {known.duplicate}"
        text += f" + excluded {known.excluded.total()} + quarantined {known.quarantined.total()}"
        say(text)
    for code, count in sorted(result.notices.items()):
        say(f"  remark {code}: {count}")
    aside = result.totals.quarantined
    if aside:
        say(
            f"{aside.total()} records were set aside: graphmap quarantine list shows each with its reason and remedy"
        )


@click.command()
@as_json
@common
def importers(json_: bool, home: Path | None, store_uri: str | None, config_file: Path | None) -> None:
    """The importers: name, version, what files they know, from which distribution.

    Example: graphmap importers
    """
    del home, store_uri, config_file
    from graphmap.ingest.discovery import find_importers

    found = find_importers()
    if json_:
        print_json(
            [
                {
                    "name": f.name,
                    "version": f.version,
                    "files": f.files,
                    "distribution": f.distribution,
                    "error": f.error,
                }
                for f in found
            ]
        )
        return
    rows = [(f.name, f.version, f.files or "", f.distribution or "", f.error or "") for f in found]
    print_table("importers", ("name", "version", "files", "distribution", "broken"), rows)
