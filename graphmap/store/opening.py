"""From settings to a store."""

from __future__ import annotations

from graphmap.config import Settings
from graphmap.errors import ConfigError
from graphmap.store.connection import Address, Connection
from graphmap.store.embedded import EmbeddedOptions, embedded_folder, ensure_running
from graphmap.store.embedded_folder import DATABASE
from graphmap.store.graphstore import GraphStore
from graphmap.store.transactions import PATIENCE_SECONDS

SCHEMES: tuple[str, ...] = ("bolt", "bolt+s", "bolt+ssc", "neo4j", "neo4j+s", "neo4j+ssc")


def open_store(settings: Settings, *, patience: float = PATIENCE_SECONDS) -> GraphStore:
    """Opens the store that the settings name and makes sure that it answers.

    ``embedded:`` starts the private server of the home folder where it does not run yet. ``patience`` is how long an
    operation goes on trying when a server went away in the middle of the work.

    Raises:
        ConfigError: ``store`` is not an address.
        StoreUnavailableError, StoreLoginError: a Neo4j does not answer, or refused us.
        EmbeddedUnavailableError: there is no embedded server for this platform, or it did not start.
    """
    uri = settings.text("store").strip()
    scheme = uri.partition(":")[0].lower()
    if scheme == "embedded":
        store = _embedded(settings, uri, patience)
    elif scheme in SCHEMES and "://" in uri and len(uri.partition("://")[2]) > 0:
        store = GraphStore(Connection(lambda: _neo4j(settings, uri)), patience=patience)
    else:
        raise ConfigError(
            f"store = {uri!r} is no address of a store",
            remedy="embedded: or bolt://host:7687, neo4j://host:7687, neo4j+s://host:7687",
        )
    try:
        store.check()
    except BaseException:
        store.close()
        raise
    return store


def _embedded(settings: Settings, uri: str, patience: float) -> GraphStore:
    if uri.lower() not in {"embedded:", "embedded://"}:
        raise ConfigError(
            f"store = {uri!r}: the embedded store lies in the home folder and takes no path",
            remedy="store = embedded: and GRAPHMAP_HOME for the folder",
        )
    folder = embedded_folder(settings.home)
    options = EmbeddedOptions(
        heap=settings.text("store.heap"),
        idle_seconds=settings.number("store.idle_seconds"),
        query_seconds=settings.number("query.seconds"),
    )

    def locate() -> Address:
        server = ensure_running(folder, options)
        return Address(
            uri=f"bolt://127.0.0.1:{server.bolt}",
            user="root",
            password=server.password,
            database=DATABASE,
            reader_user="analyst",
            reader_password=server.analyst_password,
            embedded=True,
        )

    return GraphStore(Connection(locate), folder=folder, patience=patience)


def _neo4j(settings: Settings, uri: str) -> Address:
    return Address(
        uri=uri,
        user=settings.text("store.user"),
        password=settings.text("store.password"),
        database=settings.text("store.database"),
        reader_user=settings.text("store.reader_user"),
        reader_password=settings.text("store.reader_password"),
    )
