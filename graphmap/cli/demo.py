"""``graphmap demo``: the sample company, imported through the real importers, scored, and shown."""

from __future__ import annotations

from pathlib import Path

import click

from graphmap.cli.context import as_json, common, now, opened, print_json, say, settings_of


@click.command()
@click.option("--port", type=int, help="Port of the site; 0 = any free one.")
@click.option("--no-serve", is_flag=True, help="Only make, import and score.")
@as_json
@common
def demo(
    port: int | None,
    no_serve: bool,
    json_: bool,
    home: Path | None,
    store_uri: str | None,
    config_file: Path | None,
) -> None:
    """Make the sample company, import it, score it and open the site on loopback.

    It lives in a home of its own (demo inside the home folder). Example: graphmap demo --port 0
    """
    from graphmap.cli.site import run_site
    from graphmap.ingest.loading import Wishes, preflight, run_import
    from graphmap.ingest.protocol import Options
    from graphmap.samples.company import DOMAIN
    from graphmap.samples.sources import write_sources
    from graphmap.services.scoringrun import run_scoring
    from graphmap.store.samplemark import check_place
    from graphmap.suppression_key import suppression_key

    outer = settings_of(home, store_uri, config_file)
    settings = settings_of(outer.home / "demo", store_uri, config_file, site__port=port)
    folder = settings.home / "sample-company"
    say(f"writing the sample company to {folder}")
    write_sources(folder)
    options = Options(own_domains=(DOMAIN,))
    checked = preflight([str(folder)], options)
    say("starting the graph store (the first start takes a few seconds)")
    with opened(settings) as store:
        check_place(store)
        say("importing a CRM export, two mailboxes, a calendar, connections and three lists")
        result = run_import(
            store,
            checked,
            options,
            Wishes(options.own_domains, suppression_key=suppression_key(settings)),
            now=now,
        )
        totals = result.totals
        say(
            f"read {totals.read} records: {totals.new} new, {totals.updated} known from another source, "
            f"{totals.excluded.total()} left out, {totals.quarantined.total()} set aside"
        )
        scored = run_scoring(store, settings, now=now)
        counts = ", ".join(f"{count} {name}" for name, count in scored.statuses.items())
        say(f"scored {scored.accounts} accounts: {counts}")
    if json_:
        print_json(
            {
                "home": str(settings.home),
                "run": scored.run,
                "accounts": scored.accounts,
                "statuses": scored.statuses,
            }
        )
    if no_serve:
        return
    say(f"to ask it from the command line, add --home {settings.home}")
    say(
        "open this address; click an account with a red ring, then a number to see the dated evidence. Ctrl-C ends it."
    )
    run_site(settings)
