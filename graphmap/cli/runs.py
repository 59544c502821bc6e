"""``graphmap runs``: what was imported and scored when, and taking a wrong import out again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from graphmap.cli.context import as_json, common, now, opened, print_json, print_table, say, settings_of


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
