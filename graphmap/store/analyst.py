"""Runs an analyst's statement as the read-only principal, within limits of time, rows and one statement per user.

This is the second guard, behind the statement check of ``graphmap.store.door``: it holds even for a text that the check
never saw. On Neo4j the READ access mode and the transaction's time limit refuse and stop, on the embedded server the
``analyst`` user and the watch that the server keeps over it, because modes and the driver's limits are not enforced there.
"""

from __future__ import annotations

import queue
import re
import threading
import time
from collections.abc import Callable, Mapping
from typing import LiteralString, cast

from neo4j.exceptions import DriverError, Neo4jError

import neo4j
from graphmap.errors import GraphmapError, QueryFailedError, QueryRefusedError
from graphmap.store.answers import Answer, as_json_value
from graphmap.store.columns import returned_columns
from graphmap.store.connection import Connection, Drivers, explain, first_line, is_lost, reader_driver

_GRACE_SECONDS = 1.5
"""The server's own limit speaks first; after this we no longer wait for it."""

_CONNECT_SECONDS = 120.0
"""How long starting the embedded server may take; not counted against the statement."""

_READ_ONLY = "only reading is allowed here, and the store refused something else in this statement"
_READ_REMEDY = "ask with MATCH ... RETURN ..."


class Analyst:
    """The executor; knows which users have a statement running."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._lock = threading.Lock()
        self._busy: set[str] = set()

    def run(
        self, text: str, parameters: Mapping[str, object], *, seconds: float, rows: int, user: str
    ) -> Answer:
        """Runs the statement; returns within about ``seconds``, whatever the server does.

        Raises:
            QueryRefusedError: the user has one running already, or the store refused a write.
            QueryFailedError: it is wrong, or a limit stopped it.
        """
        with self._lock:
            if user in self._busy:
                raise QueryRefusedError(
                    "a statement of yours is still running", remedy="wait until it has ended, or was stopped"
                )
            self._busy.add(user)
        # A number on the queue is how long to wait for what comes next.
        outcome: queue.SimpleQueue[Answer | Exception | float] = queue.SimpleQueue()

        def work() -> None:
            answer: Answer | Exception
            try:
                answer = self._twice(text, parameters, seconds, rows, outcome.put)
            except Exception as error:
                answer = error
            # Before the answer is out: whoever has it may ask again at once.
            with self._lock:
                self._busy.discard(user)
            outcome.put(answer)

        threading.Thread(target=work, name="graphmap-analyst", daemon=True).start()
        return self._await(outcome, seconds)

    @staticmethod
    def _await(outcome: queue.SimpleQueue[Answer | Exception | float], seconds: float) -> Answer:
        patience = _CONNECT_SECONDS
        while True:
            try:
                answer = outcome.get(timeout=patience)
            except queue.Empty:
                raise _stopped(seconds) from None
            if isinstance(answer, Exception):
                raise answer
            if isinstance(answer, Answer):
                return answer
            patience = answer

    def _twice(
        self,
        text: str,
        parameters: Mapping[str, object],
        seconds: float,
        rows: int,
        wait: Callable[[float], None],
    ) -> Answer:
        """Reads change nothing, so a server that went away is asked once more where it can be started again."""
        drivers = self._connection.drivers
        wait(seconds + _GRACE_SECONDS)
        try:
            return _execute(drivers, text, parameters, seconds, rows)
        except (DriverError, OSError) as error:
            if not (is_lost(error) and drivers.address.embedded):
                raise _failed(error, drivers, seconds) from None
        except Neo4jError as error:
            raise _failed(error, drivers, seconds) from None
        wait(_CONNECT_SECONDS)
        self._connection.renew(drivers)
        drivers = self._connection.drivers
        wait(seconds + _GRACE_SECONDS)
        try:
            return _execute(drivers, text, parameters, seconds, rows)
        except (Neo4jError, DriverError, OSError) as error:
            raise _failed(error, drivers, seconds) from None


def _execute(
    drivers: Drivers, text: str, parameters: Mapping[str, object], seconds: float, rows: int
) -> Answer:
    # The embedded server runs a statement whose rest nobody wants to its end, unless the connection goes: one of its own.
    own = reader_driver(drivers.address) if drivers.address.embedded else None
    session = (own or drivers.reader).session(
        database=drivers.address.database,
        default_access_mode=neo4j.READ_ACCESS,
        fetch_size=max(1, min(rows + 1, 20_000)),
    )
    try:
        return _fetch(session, text, parameters, seconds, rows)
    finally:
        if own is not None:
            own.close()
        session.close()


def _fetch(
    session: neo4j.Session, text: str, parameters: Mapping[str, object], seconds: float, rows: int
) -> Answer:
    begun = time.monotonic()
    result = session.begin_transaction(timeout=seconds).run(cast("LiteralString", text), dict(parameters))
    columns = tuple(result.keys()) or returned_columns(text)
    fetched: list[tuple[object, ...]] = []
    truncated = False
    for record in result:
        if len(fetched) == rows:
            # One more than asked for exists: the rest is thrown away, not sent.
            truncated = True
            break
        fetched.append(tuple(as_json_value(value) for value in record.values()))
    if not truncated and result.consume().counters.contains_updates:
        # The embedded server looks at permissions to change a record only when it commits, which never happens here.
        raise QueryRefusedError(_READ_ONLY, remedy=_READ_REMEDY)
    return Answer(columns, tuple(fetched), truncated, round((time.monotonic() - begun) * 1000))


def _stopped(seconds: float) -> QueryFailedError:
    return QueryFailedError(
        f"the statement was stopped after {seconds:g} seconds",
        remedy="narrow it (a label, a WHERE on a key, fewer hops), or raise GRAPHMAP_QUERY_SECONDS",
    )


def _failed(error: Exception, drivers: Drivers, seconds: float) -> GraphmapError:
    """Our error for one of the server, in one sentence."""
    if not isinstance(error, Neo4jError):
        if is_lost(error):
            return explain(error, drivers.address)
        return QueryFailedError(f"the statement could not be sent: {first_line(error)}")
    code = str(error.code)
    said = str(error.message)
    if "TimedOut" in code or "Terminated" in code or "Timeout on iteration" in said:
        return _stopped(seconds)
    if code.startswith("Neo.ClientError.Security") and "Unauthorized" in code:
        return explain(error, drivers.address)
    if code.startswith("Neo.ClientError.Security") or code == "Neo.ClientError.Statement.AccessMode":
        return QueryRefusedError(_READ_ONLY, remedy=_READ_REMEDY)
    if "heap budget" in said or "allowed elements" in said or "MemoryPool" in code or "OutOfMemory" in code:
        return QueryFailedError(
            "the statement needs more memory than it may have", remedy="add a LIMIT or narrow the MATCH"
        )
    return QueryFailedError(_clean(error))


def _clean(error: Neo4jError) -> str:
    """The server's sentence with line and column in one form and without names of classes.

    The embedded server says ``line 1:0`` (column from 0), Neo4j ``(line 1, column 1 (offset: 0))``.
    """
    said = first_line(error)
    said = re.sub(r"\(line (\d+), column (\d+) \(offset: \d+\)\)", r"(line \1, column \2)", said)
    said = re.sub(
        r"[Ss]yntax error at line (\d+):(\d+) - (.*)",
        lambda found: f"{found[3]} (line {found[1]}, column {int(found[2]) + 1})",
        said,
    )
    said = re.sub(r"\b(?:[a-z_]+\.){2,}[A-Z]\w*(?:Exception|Error)?:?\s*", "", said)
    said = re.sub(r"^[A-Za-z]+(?:Error|Exception|Variable):\s*(?:[A-Z]\w+ - )?", "", said)
    return said[:1].lower() + said[1:] if said[1:2].islower() else said
