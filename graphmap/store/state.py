"""Rows about the store itself: the writer lock, counters that tell caches when to renew, and the kept baseline."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress

import psutil

from graphmap.errors import StoreBusyError, StoreError, StoreUnavailableError
from graphmap.store.graphstore import GraphStore
from graphmap.store.processes import birth_of
from graphmap.store.transactions import Writer

LEASE_MS = 120_000
"""A lock whose holder cannot be looked up from here (another machine) is free after so long without a sign of life."""


def bump(writer: Writer, name: str) -> None:
    """Raises a counter within a transaction; caches keyed by it are stale from the commit on."""
    writer.run(
        "MERGE (s:State {id: $id}) ON CREATE SET s.count = 1 ON MATCH SET s.count = coalesce(s.count, 0) + 1",
        id=name,
    )


def count(store: GraphStore, name: str) -> int:
    """A counter; 0 where it was never raised."""
    rows = store.read("MATCH (s:State {id: $id}) RETURN coalesce(s.count, 0)", id=name)
    return int(str(rows[0][0])) if rows else 0


def mark(store: GraphStore, name: str) -> None:
    """Sets a mark that stays until it is taken away."""
    store.write_with(lambda w: w.run("MERGE (s:State {id: $id})", id=name))


def is_marked(store: GraphStore, name: str) -> bool:
    """Whether a mark stands."""
    return bool(store.read("MATCH (s:State {id: $id}) RETURN s.id", id=name))


def unmark(store: GraphStore, name: str) -> None:
    """Takes a mark away."""
    store.write_with(lambda w: w.run("MATCH (s:State {id: $id}) DELETE s", id=name))


def kept_baseline(store: GraphStore) -> tuple[float, int] | None:
    """The stored baseline s0 and how many accounts it was computed from; None before the first."""
    rows = store.read(
        "MATCH (s:State {id: 'baseline'}) WHERE s.number IS NOT NULL RETURN s.number, coalesce(s.count, 0)"
    )
    return (float(str(rows[0][0])), int(str(rows[0][1]))) if rows else None


def keep_baseline(store: GraphStore, value: float, accounts: int) -> None:
    """Stores the baseline with the number of accounts it was computed from."""
    store.write_with(
        lambda w: w.run(
            "MERGE (s:State {id: 'baseline'}) SET s.number = $value, s.count = $accounts",
            value=value,
            accounts=accounts,
        )
    )


def _holder_is_dead(holder: str) -> bool:
    """True where the holder ran on this machine and is gone; a pid that was given again has another birth mark."""
    try:
        known = json.loads(holder)
    except ValueError:
        return True
    if known.get("host") != socket.gethostname():
        return False
    try:
        return birth_of(int(known["pid"])) != known.get("birth")
    except psutil.Error:
        return True


def _myself() -> str:
    pid = os.getpid()
    return json.dumps({"host": socket.gethostname(), "pid": pid, "birth": birth_of(pid)}, sort_keys=True)


@contextmanager
def writing(store: GraphStore, what: str, now: Callable[[], int]) -> Generator[Callable[[Writer], None]]:
    """Holds the one writer lock of the store; yields what renews it within a transaction.

    StoreBusyError says who holds it: process, machine, what it does. A holder on this machine that is gone, or one elsewhere
    without a sign of life for two minutes, does not hold it any more.
    """
    mine = _myself()

    def take(writer: Writer) -> str | None:
        # Written before it is read: of two that ask at once the server lets one after the other through here.
        bump(writer, "writer")
        rows = writer.run("MATCH (s:State {id: 'writer'}) RETURN s.holder, s.until, s.value")
        if rows and rows[0][0] and rows[0][0] != mine:
            holder, until, value = str(rows[0][0]), int(str(rows[0][1] or 0)), str(rows[0][2])
            if until > now() and not _holder_is_dead(holder):
                known = json.loads(holder)
                return f"process {known['pid']} on {known['host']} is writing ({value})"
        _renew(writer)
        return None

    def _renew(writer: Writer) -> None:
        writer.run(
            "MERGE (s:State {id: 'writer'}) SET s.holder = $holder, s.until = $until, s.value = $what",
            holder=mine, until=now() + LEASE_MS, what=what,
        )  # fmt: skip

    busy = store.write_with(take)
    if busy is not None:
        raise StoreBusyError(
            f"the store is in use: {busy}", remedy="wait until it has finished, then run the command again"
        )

    def release() -> None:
        store.write_with(
            lambda w: w.run(
                "MATCH (s:State {id: 'writer'}) WHERE s.holder = $holder SET s.holder = '', s.until = 0",
                holder=mine,
            )
        )

    try:
        yield _renew
    except StoreUnavailableError:
        # Nothing answers there: who waits for the lock finds its holder gone.
        raise
    except BaseException:
        with suppress(StoreError):  # what went wrong before is what the user must see
            release()
        raise
    release()
