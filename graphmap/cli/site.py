"""``graphmap serve``: the site on loopback."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from graphmap.cli.context import as_json, common, opened, settings_of

if TYPE_CHECKING:
    from graphmap.config import Settings


@click.command("serve")
@click.option("--host", help="Address to listen on; loopback only.")
@click.option("--port", type=int, help="Port; 0 = any free one.")
@as_json
@common
def serve_command(
    host: str | None,
    port: int | None,
    json_: bool,
    home: Path | None,
    store_uri: str | None,
    config_file: Path | None,
) -> None:
    """The site. Prints its address on one line; Ctrl-C ends it.

    Example: graphmap serve --port 0
    """
    settings = settings_of(home, store_uri, config_file, **{"site__host": host, "site__port": port})
    run_site(settings, json_=json_)


def run_site(settings: Settings, *, page: str = "", json_: bool = False) -> None:
    """Serves until interrupted; ``page`` is a path to point at."""
    import json

    from graphmap.ingest.settling import settle
    from graphmap.services.service import GraphServices
    from graphmap_web import create_app
    from graphmap_web.serving import open_socket, serve

    with opened(settings) as store:
        listener, address = open_socket(settings.text("site.host"), settings.whole("site.port"))
        click.echo(json.dumps({"address": address + page}) if json_ else address + page)
        serve(create_app(GraphServices(store, settings, settle=settle)), opened=listener)
