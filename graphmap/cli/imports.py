"""``graphmap import``, ``importers``, ``runs`` and ``quarantine``."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from graphmap.cli.context import as_json, common, now, opened, print_json, print_table, say, settings_of, tell

if TYPE_CHECKING:
    from graphmap.config import Settings
    from graphmap.ingest.loading import ImportResult
    from graphmap.ingest.preflight import Preflight
    from graphmap.ingest.protocol import Options, Spelling
    from graphmap.records import Excluded
    from graphmap.store.graphstore import GraphStore


_SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
_MOST_NAMED = 12
"""So many columns that are not read are named."""


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
    help="Propose a mapping for CSV files that nobody knows and write it here; imports nothing.",
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
    _show_preflight(checked, options)
    if dry_run:
        if list_excluded is not None:
            with _excluded_list(list_excluded) as note:
                for one in checked.looked:
                    for excluded in one.left_out:
                        note(excluded)
        if json_:
            print_json(_preflight_json(checked))
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
        _show_result(result)
        if not no_score and result.stopped is None:
            _score(store, settings, result)
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


def _score(store: GraphStore, settings: Settings, result: ImportResult) -> None:
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


def _show_preflight(checked: Preflight, options: Options) -> None:
    for one in checked.looked:
        more = "" if one.complete else "+"
        text = f"{one.planned.part.source.name}: {one.planned.part.object}, read by {one.planned.importer.name}, {one.records}{more} records"
        if one.codes:
            text += ", would be set aside: " + ", ".join(
                f"{n} {code}" for code, n in sorted(one.codes.items())
            )
        if one.excluded:
            text += ", left out: " + ", ".join(f"{n} {reason}" for reason, n in sorted(one.excluded.items()))
        if one.notices:
            text += ", remarks: " + ", ".join(f"{n} {code}" for code, n in sorted(one.notices.items()))
        say(text)
        if (told := one.planned.part.spelling) is not None:
            say(f"  {_spelled(told)}")
        for reject in one.rejects:
            say(
                f"  {_reject_text(reject.origin.file, reject.origin.line, reject.column, reject.value, reject.message, reject.remedy)}"
            )
    for name in checked.unknown:
        say(f"{name}: no importer knows this file")
    if options.tz is None and any(one.notices.get("no_offset") for one in checked.looked):
        say("times without an offset are taken as UTC; --tz says otherwise")


def _spelled(told: Spelling) -> str:
    text = f"{told.encoding}, separated by {_SEPARATORS.get(told.separator, told.separator)}"
    if told.dates is not None:
        text += f", dates as {told.dates}"
    if told.zone is not None:
        text += f", times without offset in {told.zone}"
    if told.not_read:
        more = f" and {len(told.not_read) - _MOST_NAMED} more" if len(told.not_read) > _MOST_NAMED else ""
        text += f"; not read: {', '.join(told.not_read[:_MOST_NAMED])}{more}"
    return text


def _reject_text(
    file: str, line: int | None, column: str | None, value: str | None, message: str, remedy: str | None
) -> str:
    where = f"{file}:{line}" if line is not None else file
    named = f' column "{column}":' if column else ""
    shown = f' "{value}"' if value and value not in message else ""
    tail = f" ({remedy})" if remedy else ""
    return f"{where}:{named}{shown} {message}{tail}"


def _preflight_json(checked: Preflight) -> dict[str, object]:
    from dataclasses import asdict

    return {
        "files": [
            {
                "path": one.planned.part.source.name, "importer": one.planned.importer.name, "object": one.planned.part.object,
                "records": one.records, "complete": one.complete, "quarantined": dict(sorted(one.codes.items())),
                "excluded": dict(sorted(one.excluded.items())), "notices": dict(sorted(one.notices.items())),
                "spelling": None if one.planned.part.spelling is None else asdict(one.planned.part.spelling),
            }
            for one in checked.looked
        ],
        "unknown": checked.unknown,
        "own_domain_guess": checked.guess,
    }  # fmt: skip


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


def _show_result(result: ImportResult) -> None:
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


@click.group("runs")
def runs_group() -> None:
    """What was imported and scored when; take a wrong import out again."""


@runs_group.command("list")
@as_json
@common
def runs_list(json_: bool, home: Path | None, store_uri: str | None, config_file: Path | None) -> None:
    """All runs, newest first. Example: graphmap runs list"""
    import json

    from graphmap.services.times import iso
    from graphmap.store.runs import runs

    with opened(settings_of(home, store_uri, config_file)) as store:
        known = runs(store)
    lines: list[dict[str, Any]] = [
        {
            "id": r.id, "kind": r.kind, "state": r.state, "started_at": iso(r.properties.get("started_at")),
            "finished_at": iso(r.properties.get("finished_at")), "author": r.properties.get("author"),
            "files": [
                {k: v for k, v in entry.items() if k != "fingerprint"} for entry in json.loads(str(r.properties.get("files", "[]")))
            ],
        }
        for r in known
    ]  # fmt: skip
    if json_:
        print_json(lines)
        return
    rows = [
        (
            r["id"],
            r["kind"],
            r["state"],
            r["started_at"],
            r["finished_at"],
            ", ".join(f["path"] for f in r["files"]),
        )
        for r in lines
    ]
    print_table("runs", ("id", "kind", "state", "started", "finished", "files"), rows)


@runs_group.command("undo")
@click.argument("run")
@click.option("--dry-run", is_flag=True, help="Only say what would go.")
@as_json
@common
def runs_undo(
    run: str, dry_run: bool, json_: bool, home: Path | None, store_uri: str | None, config_file: Path | None
) -> None:
    """Take an import out again, exactly; what it had changed comes back.

    Example: graphmap runs undo import-20260101T000000Z-abc123 --dry-run
    """
    from graphmap.errors import NotScoredError
    from graphmap.ingest.undoing import undo
    from graphmap.services.scoringrun import run_scoring

    settings = settings_of(home, store_uri, config_file)
    with opened(settings) as store:
        result = undo(store, run, dry=dry_run, now=now, author="local administrator")
        if not dry_run:
            try:
                run_scoring(store, settings, now=now)
            except NotScoredError:
                say("nothing is left to score")
    verb = "would be taken out" if dry_run else "were taken out"
    if json_:
        print_json({"run": run, "rows": result.rows, "interactions": result.interactions, "dry_run": dry_run})
    say(f"{result.rows} rows of master data and {result.interactions} interactions {verb}")
    if result.later_unchanged:
        say(
            "later imports may have read the same rows unchanged: "
            + ", ".join(result.later_unchanged)
            + "; import those files --again if they still hold"
        )


@click.group()
def quarantine() -> None:
    """Records that were set aside, each with file, line, column, value, reason and remedy."""


@quarantine.command("list")
@click.option(
    "--state",
    type=click.Choice(["open", "ignored", "superseded", "fixed", "all"]),
    default="open",
    show_default=True,
)
@as_json
@common
def quarantine_list(
    state: str, json_: bool, home: Path | None, store_uri: str | None, config_file: Path | None
) -> None:
    """What was set aside. Example: graphmap quarantine list"""
    from graphmap.store.runs import rejected

    with opened(settings_of(home, store_uri, config_file)) as store:
        rows = rejected(store, None if state == "all" else state)
    names = ("id", "file", "position", "line", "column", "value", "code", "message", "state")
    if json_:
        print_json([{name: row.get(name) for name in names} for row in rows])
        return
    print_table(f"{len(rows)} set aside", ("id", "where", "column", "value", "reason"), [
        (r["id"], f"{r['file']}:{r.get('position', '')}", r.get("column", ""), r.get("value", ""), r["message"]) for r in rows
    ])  # fmt: skip


@quarantine.command("show")
@click.argument("identifier", metavar="ID")
@as_json
@common
def quarantine_show(
    identifier: str, json_: bool, home: Path | None, store_uri: str | None, config_file: Path | None
) -> None:
    """One record that was set aside, with its row as it stood. Example: graphmap quarantine show Q-0123456789ab"""
    from graphmap.errors import NotFoundError
    from graphmap.store.runs import rejected

    with opened(settings_of(home, store_uri, config_file)) as store:
        row = next((r for r in rejected(store, None) if r["id"] == identifier), None)
    if row is None:
        raise NotFoundError(
            f"nothing with the id {identifier} was set aside", remedy="graphmap quarantine list --state all"
        )
    if json_:
        print_json(row)
        return
    for name in (
        "id",
        "file",
        "position",
        "column",
        "value",
        "code",
        "message",
        "remedy",
        "state",
        "run",
        "raw",
    ):
        if row.get(name) is not None:
            click.echo(f"{name:9} {row[name]}")


@quarantine.command("export")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    help="Folder for one CSV per file.",
)
@as_json
@common
def quarantine_export(
    out: Path, json_: bool, home: Path | None, store_uri: str | None, config_file: Path | None
) -> None:
    """The open ones as CSV with the reason beside each row, to repair and import again.

    Example: graphmap quarantine export --out repair/
    """
    from graphmap.ingest.repairing import export_rejected
    from graphmap.store.runs import rejected

    with opened(settings_of(home, store_uri, config_file)) as store:
        written = export_rejected(rejected(store), out)
    if json_:
        print_json([str(path) for path in written])
    for path in written:
        say(str(path))


@quarantine.command("retry")
@click.option("--mapping", help="The mapping to convert with, where the files were read by one.")
@click.option("--tz", help="Time zone of times without an offset.")
@as_json
@common
def quarantine_retry(
    mapping: str | None,
    tz: str | None,
    json_: bool,
    home: Path | None,
    store_uri: str | None,
    config_file: Path | None,
) -> None:
    """Try the open ones again: after the missing firm was imported, or with a corrected mapping.

    Example: graphmap quarantine retry
    """
    from graphmap.ingest.loading import Wishes
    from graphmap.ingest.protocol import Options
    from graphmap.ingest.repairing import retry
    from graphmap.suppression_key import suppression_key

    settings = settings_of(home, store_uri, config_file, import__tz=tz)
    wishes = Wishes(
        batch=settings.whole("import.batch"),
        again=True,
        max_rejects=100.0,
        suppression_key=suppression_key(settings),
    )
    with opened(settings) as store:
        result = retry(store, Options(settings.text("import.tz") or None, mapping), wishes, now=now)
        if result is not None:
            _score(store, settings, result)
    if result is None:
        say("nothing is open that can be tried again")
        if json_:
            print_json(None)
        return
    if json_:
        print_json(import_json(result))
    _show_result(result)
    raise click.exceptions.Exit(1 if result.totals.quarantined.total() else 0)


@quarantine.command("ignore")
@click.argument("identifiers", nargs=-1, required=True, metavar="ID...")
@as_json
@common
def quarantine_ignore(
    identifiers: tuple[str, ...],
    json_: bool,
    home: Path | None,
    store_uri: str | None,
    config_file: Path | None,
) -> None:
    """Mark records as seen; they stay listed under --state ignored. Example: graphmap quarantine ignore Q-0123456789ab"""
    from graphmap.store.runs import set_rejected_state

    with opened(settings_of(home, store_uri, config_file)) as store:
        count = set_rejected_state(store, identifiers, "ignored")
    if json_:
        print_json({"ignored": count})
    say(f"{count} marked as ignored")
    raise click.exceptions.Exit(0 if count == len(identifiers) else 1)
