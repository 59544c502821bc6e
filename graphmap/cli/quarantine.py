"""``graphmap quarantine``: records that were set aside, to look at, mend, try again or ignore."""

from __future__ import annotations

from pathlib import Path

import click

from graphmap.cli.context import as_json, common, now, opened, print_json, print_table, say, settings_of
from graphmap.cli.imports import import_json, score_new, show_result


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
            score_new(store, settings, result)
    if result is None:
        say("nothing is open that can be tried again")
        if json_:
            print_json(None)
        return
    if json_:
        print_json(import_json(result))
    show_result(result)
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
