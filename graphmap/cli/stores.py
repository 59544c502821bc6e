"""``graphmap store`` and ``graphmap config``."""

from __future__ import annotations

from pathlib import Path

import click

from graphmap.cli.context import as_json, common, now, opened, print_json, print_table, say, settings_of


@click.group()
def store() -> None:
    """The graph store: which server, how much, and a digest of what must survive."""


@store.command()
@as_json
@common
def status(json_: bool, home: Path | None, store_uri: str | None, config_file: Path | None) -> None:
    """Server, version, counts, size. Example: graphmap store status"""
    with opened(settings_of(home, store_uri, config_file)) as graph:
        known = graph.status()
    if json_:
        print_json(
            {
                "server": known.server.product,
                "version": known.server.version,
                "address": known.server.address,
                "schema_version": known.schema_version,
                "size_bytes": known.size_bytes,
                "nodes": dict(known.nodes),
                "relationships": dict(known.relationships),
            }
        )
        return
    click.echo(f"{known.server.product} {known.server.version} at {known.server.address}")
    if known.size_bytes is not None:
        click.echo(f"{known.size_bytes / 1_000_000:.1f} MB")
    counts = {**known.nodes, **known.relationships}
    print_table("counts", ("what", "how many"), [(name, count) for name, count in counts.items() if count])


@store.command()
@as_json
@common
def digest(json_: bool, home: Path | None, store_uri: str | None, config_file: Path | None) -> None:
    """SHA-256 over records, interactions, identities, decisions and suppressions. Example: graphmap store digest"""
    from graphmap.store.digest import digest as digest_of

    with opened(settings_of(home, store_uri, config_file)) as graph:
        known = digest_of(graph)
    if json_:
        print_json({"digest": known})
    else:
        click.echo(known)


@store.command("copy")
@click.option("--to", "target", required=True, metavar="URI", help="bolt://, neo4j://, neo4j+s://host:port.")
@as_json
@common
def copy_(
    target: str, json_: bool, home: Path | None, store_uri: str | None, config_file: Path | None
) -> None:
    """Copy everything into an empty database: the way from the embedded default to Neo4j, and back.

    User, password and database of the target: GRAPHMAP_TARGET_USER, GRAPHMAP_TARGET_PASSWORD, GRAPHMAP_TARGET_DATABASE.

    Example: graphmap store copy --to bolt://127.0.0.1:7687
    """
    from graphmap.services.storecare import copy_store

    settings = settings_of(home, store_uri, config_file)
    counts = copy_store(settings, target, now=now, progress=_told)
    if json_:
        print_json({"to": target, "counts": dict(counts)})
        return
    print_table("copied, and proven equal", ("what", "how many"), [row for row in counts.items() if row[1]])


@store.command()
@as_json
@common
def compact(json_: bool, home: Path | None, store_uri: str | None, config_file: Path | None) -> None:
    """Write the embedded store anew, so that nothing that was deleted stays in its files. Example: graphmap store compact"""
    from graphmap.store.compacting import compact_embedded

    settings = settings_of(home, store_uri, config_file)
    counts = compact_embedded(settings, now=now, progress=_told)
    if json_:
        print_json({"counts": dict(counts)})
        return
    print_table(
        "written anew, and proven equal", ("what", "how many"), [row for row in counts.items() if row[1]]
    )


def _told(what: str, done: int, whole: int) -> None:
    if done >= whole:
        say(f"{what}: {whole}")


@click.command()
@as_json
@common
def config(json_: bool, home: Path | None, store_uri: str | None, config_file: Path | None) -> None:
    """Every setting, its value and where it came from. Example: graphmap config"""
    settings = settings_of(home, store_uri, config_file)
    rows = [(c.setting.name, c.shown, c.origin, c.setting.about) for c in settings.chosen.values()]
    rows[0] = ("home", str(settings.home), settings.chosen["home"].origin, rows[0][3])
    if json_:
        print_json([{"name": n, "value": v, "origin": o, "about": a} for n, v, o, a in rows])
        return
    print_table("settings", ("name", "value", "from", "about"), rows)
