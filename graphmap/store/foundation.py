"""The store's foundation: constraints, indexes and the stamp that says whose data this is and of which shape."""

from __future__ import annotations

import json
import time
from typing import LiteralString, cast

from neo4j.exceptions import Neo4jError

from graphmap.errors import ForeignDataError, StoreError
from graphmap.schema import VERSION
from graphmap.store.connection import Connection, explain
from graphmap.store.statements import ddl
from graphmap.store.transactions import Writer, transact

STAMP = "schema"
"""Id of the State node that carries the version."""

_DDL_TRIES = 6


def stamped_version(connection: Connection, patience: float) -> int | None:
    """The schema version of the store; None for one that is empty or not ours."""
    rows = transact(connection, _stamp, write=False, patience=patience)
    if not rows:
        return None
    try:
        told = json.loads(str(rows[0][0]))["version"]
    except (ValueError, KeyError, TypeError):
        return -1
    return told if isinstance(told, int) else -1


def lay_foundation(connection: Connection, patience: float) -> None:
    """Refuses data that is not ours or of another version; else makes what is missing."""
    version = stamped_version(connection, patience)
    if version is None:
        _refuse_foreign_data(connection, patience)
    elif version != VERSION:
        raise StoreError(
            f"the store holds a graph of schema version {version}, this graphmap writes version {VERSION}",
            remedy="use the graphmap that wrote it, or import into a new store (graphmap store copy moves the records)",
        )
    for text in ddl():
        _define(connection, text)
    if version is None:
        value = json.dumps({"version": VERSION})
        transact(
            connection,
            lambda tx: tx.run("MERGE (s:State {id: $id}) SET s.value = $value", id=STAMP, value=value),
            write=True,
            patience=patience,
        )


def _stamp(tx: Writer) -> list[tuple[object, ...]]:
    return tx.run("MATCH (s:State {id: $id}) RETURN s.value", id=STAMP)


def _refuse_foreign_data(connection: Connection, patience: float) -> None:
    def anything(tx: Writer) -> list[tuple[object, ...]]:
        return tx.run("MATCH (n) RETURN labels(n) LIMIT 1")

    found = transact(connection, anything, write=False, patience=patience)
    # Asked again: another process may have stamped and filled an empty store between the two questions.
    if not found or transact(connection, _stamp, write=False, patience=patience):
        return
    address = connection.drivers.address
    labels = found[0][0]
    shown = ":".join(str(label) for label in labels) if isinstance(labels, list) else ""
    raise ForeignDataError(
        f"the database {address.database!r} at {address.uri} already holds other data (for instance a :{shown} node)",
        remedy="give graphmap an empty database: GRAPHMAP_STORE_DATABASE or GRAPHMAP_STORE",
    )


def _define(connection: Connection, text: str) -> None:
    """Runs one IF NOT EXISTS. Two processes that define the same at once disturb each other; again, it is there."""
    for attempt in range(_DDL_TRIES):
        drivers = connection.drivers
        try:
            with drivers.writer.session(database=drivers.address.database) as session:
                session.run(cast("LiteralString", text)).consume()
        except Neo4jError as error:
            if attempt == _DDL_TRIES - 1:
                raise explain(error, drivers.address) from error
            time.sleep(0.05 * 2**attempt)
        else:
            return
