"""One explicit transaction, repeated as a whole where the server asks for it or went away.

Autocommit is never used for data: on the embedded server every MERGE row would be a transaction of its own.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import LiteralString, Protocol, TypeVar, cast

from neo4j.exceptions import ConstraintError, DriverError, Neo4jError

import neo4j
from graphmap.errors import StoreError
from graphmap.interrupts import held
from graphmap.store.connection import Connection, Drivers, explain, is_lost

T = TypeVar("T")

FETCH_SIZE = 20_000
PATIENCE_SECONDS = 30.0
_CONSTRAINT_RETRIES = 7
_RESPAWNS = 4
_UNMET_RETRIES = 4
_LONGEST_PAUSE = 1.0


class UnmetError(StoreError):
    """A write met another number of rows than it named; the transaction is taken back.

    Raised inside the work it makes the whole work be tried again a few times: beside another writer of the same keys the
    embedded server can show a transaction neither its own nor the other's new node, and only the commit would tell.
    """


class Writer(Protocol):
    """What work inside a transaction may do."""

    def run(self, text: str, /, **parameters: object) -> list[tuple[object, ...]]:
        """Runs one statement and returns all its rows."""
        ...


class TransactionWriter:
    """A Writer over the driver's transaction."""

    def __init__(self, transaction: neo4j.Transaction) -> None:
        self._transaction = transaction

    def run(self, text: str, /, **parameters: object) -> list[tuple[object, ...]]:
        """Runs one statement and returns all its rows."""
        result = self._transaction.run(cast("LiteralString", text), parameters)
        return [tuple(row) for row in result.values()]


def transact(
    connection: Connection, work: Callable[[Writer], T], *, write: bool, patience: float = PATIENCE_SECONDS
) -> T:
    """Runs ``work`` in one explicit transaction and commits; all of it is repeated on transient errors.

    Raises:
        StoreUnavailableError: the server does not answer within ``patience`` seconds.
        UnmetError: a write met other rows than it named, however often it was tried.
        StoreError: it refused.
    """
    tries = _Tries(patience)
    while True:
        drivers = connection.drivers
        try:
            return _once(drivers, work, write=write)
        except UnmetError as error:
            pause = tries.pause_after(error, lost=False, embedded=drivers.address.embedded)
            if pause is None:
                raise
            time.sleep(pause)
        except (Neo4jError, DriverError, OSError) as error:
            # A driver that another thread closed meanwhile fails in many ways; all mean that this server is lost.
            lost = is_lost(error) or (isinstance(error, DriverError) and not connection.is_current(drivers))
            pause = tries.pause_after(error, lost=lost, embedded=drivers.address.embedded)
            if lost and drivers.address.embedded:
                connection.renew(drivers)
            if pause is None:
                raise explain(error, drivers.address) from error
            time.sleep(pause)


def _once(drivers: Drivers, work: Callable[[Writer], T], *, write: bool) -> T:
    access = neo4j.WRITE_ACCESS if write else neo4j.READ_ACCESS
    with (
        held(),
        drivers.writer.session(
            database=drivers.address.database, default_access_mode=access, fetch_size=FETCH_SIZE
        ) as session,
        session.begin_transaction() as transaction,
    ):
        outcome = work(TransactionWriter(transaction))
        transaction.commit()
        return outcome


class _Tries:
    """Decides whether to try again and how long to wait before."""

    def __init__(self, patience: float) -> None:
        self._until = time.monotonic() + patience
        self._count = 0
        self._constraints = 0
        self._respawns = 0
        self._unmet = 0

    def pause_after(self, error: Exception, *, lost: bool, embedded: bool) -> float | None:
        """Seconds to wait before the next try; None to give up."""
        if isinstance(error, ConstraintError):
            # Two processes that MERGE the same new key: the embedded server refuses the second, Neo4j lets it wait.
            self._constraints += 1
            again = self._constraints <= _CONSTRAINT_RETRIES
        elif isinstance(error, UnmetError):
            self._unmet += 1
            again = self._unmet <= _UNMET_RETRIES
        elif lost and embedded:
            self._respawns += 1
            again = self._respawns <= _RESPAWNS
        else:
            again = (lost or _is_transient(error)) and time.monotonic() < self._until
        if not again:
            return None
        self._count += 1
        return min(_LONGEST_PAUSE, 0.02 * 2**self._count) * random.uniform(0.5, 1.0)  # noqa: S311 - no secret


def _is_transient(error: Exception) -> bool:
    return isinstance(error, Neo4jError | DriverError) and error.is_retryable()


def single_value(rows: list[tuple[object, ...]], text: str) -> object:
    """The one value of a one-row answer."""
    if len(rows) != 1 or not rows[0]:
        raise StoreError(f"expected one row and got {len(rows)}: {text[:80]}")
    return rows[0][0]
