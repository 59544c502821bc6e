"""``graphmap forget``: a person goes everywhere, and no importer brings them back."""

from __future__ import annotations

import shutil
from pathlib import Path

import click

from graphmap.cli.context import as_json, common, now, opened, print_json, print_table, say, settings_of


@click.command()
@click.argument("who")
@click.option("--dry-run", is_flag=True, help="Only say what would go; write nothing.")
@click.option("--no-suppress", is_flag=True, help="Keep no keyed hash: an import may bring them back.")
@click.option(
    "--compact", is_flag=True, help="Then write the embedded store anew, so that no old bytes stay."
)
@click.option("--author", default="local administrator", show_default=True, help="Who asks for it.")
@as_json
@common
def forget(
    who: str, dry_run: bool, no_suppress: bool, compact: bool, author: str, json_: bool, home: Path | None,
    store_uri: str | None, config_file: Path | None,
) -> None:  # fmt: skip
    """Remove a person everywhere: graph, records, touch log, what was set aside, decisions, old numbers.

    Example: graphmap forget carl@acme.example --dry-run
    """
    from graphmap.errors import NotScoredError
    from graphmap.ingest.forgetting import forget as forget_person
    from graphmap.services.scoringrun import run_scoring
    from graphmap.services.touchdata import cache_folder
    from graphmap.store.compacting import compact_embedded
    from graphmap.suppression_key import make_suppression_key

    settings = settings_of(home, store_uri, config_file)
    with opened(settings) as store:
        done = forget_person(
            store,
            who,
            key=None if no_suppress else lambda: make_suppression_key(settings),
            dry=dry_run,
            author=author,
            now=now,
            wipe_caches=lambda: shutil.rmtree(cache_folder(settings), ignore_errors=True),
        )
        if not dry_run:
            try:
                run_scoring(store, settings, now=now)
            except NotScoredError:
                say("nothing to score any more")
    if compact and not dry_run:
        compact_embedded(settings, now=now)
    if json_:
        print_json({"dry_run": done.dry, "suppressed": done.suppressed, "counts": dict(done.counts)})
        return
    print_table(
        "would go" if done.dry else "gone", ("place", "how many"), [(k, v) for k, v in done.counts.items()]
    )
    if done.suppressed:
        say(
            "kept out from now on: no importer brings them back while suppression.key stays in the home folder"
        )
    if not done.dry and not compact:
        say("graphmap store compact removes what the embedded store still holds of it on the disk")
