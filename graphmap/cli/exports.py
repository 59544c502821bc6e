"""``graphmap export``: touches, the graph, the canonical records, the assessments."""

from __future__ import annotations

from pathlib import Path

import click

from graphmap.cli.context import answering, as_json, common, now, print_json, say, settings_of

FORMATS = {
    "touches": ("parquet", "csv", "jsonl"),
    "graph": ("graphml", "json"),
    "records": ("csv", "jsonl"),
    "assessments": ("json", "csv", "parquet", "jsonl"),
}


@click.command()
@click.argument("what", type=click.Choice(list(FORMATS)))
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    required=True,
    help="File to write; for records a folder or a .zip.",
)
@click.option(
    "--format",
    "format_",
    type=click.Choice(["parquet", "csv", "graphml", "json", "jsonl"]),
    help="Default: by what it is.",
)
@as_json
@common
def export(
    what: str,
    out: Path,
    format_: str | None,
    json_: bool,
    home: Path | None,
    store_uri: str | None,
    config_file: Path | None,
) -> None:
    """Write tables or the graph to files. Records are the canonical files: they can be imported again as they are.

    Example: graphmap export records --out backup/
    """
    from graphmap.services import exporting

    chosen = format_ or FORMATS[what][0]
    if chosen not in FORMATS[what]:
        raise click.UsageError(f"{what} are written as {', '.join(FORMATS[what])}, not {chosen}")
    settings = settings_of(home, store_uri, config_file)
    with answering(settings) as services:
        if what == "touches":
            count = exporting.export_touches(services.store, settings, out, chosen, now=now())
        elif what == "graph":
            count = exporting.export_graph(services.store, out, chosen)
        elif what == "records":
            count = exporting.export_records(services.store, out, chosen)
        else:
            count = exporting.export_assessments(services, out, chosen)
    if json_:
        print_json({"what": what, "out": str(out), "format": chosen, "count": count})
    say(f"{count} {what} written to {out}" if what != "graph" else f"{count} nodes written to {out}")
