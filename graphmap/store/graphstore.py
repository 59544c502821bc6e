"""The one store class: graphmap's graph over Bolt, on a Neo4j or on the embedded server."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Self, TypeVar

from neo4j.exceptions import DriverError, Neo4jError

from graphmap.schema import NODES, RELATIONSHIPS
from graphmap.store.analyst import Analyst
from graphmap.store.answers import Answer
from graphmap.store.connection import Connection, explain
from graphmap.store.door import check_statement
from graphmap.store.embedded_folder import StoreFolder
from graphmap.store.foundation import lay_foundation, stamped_version
from graphmap.store.statements import Statement
from graphmap.store.transactions import PATIENCE_SECONDS, UnmetError, Writer, transact

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ServerInfo:
    """Who really answered: the product by its own word, its version, and where."""

    product: str
    version: str
    address: str


@dataclass(frozen=True, slots=True)
class StoreStatus:
    """What ``graphmap store status`` shows."""

    server: ServerInfo
    schema_version: int | None
    nodes: Mapping[str, int]
    relationships: Mapping[str, int]
    size_bytes: int | None
    """Size of the data folder of the embedded default; None where the server does not tell."""


class GraphStore:
    """The graph in a database. Threads may share one.

    Every write is one explicit transaction that is repeated as a whole on deadlocks and the like, so ``work`` must not
    have effects outside. The first write lays the foundation (``create_schema``), so that other people's data is never
    written to by accident.
    """

    def __init__(
        self, connection: Connection, *, folder: StoreFolder | None = None, patience: float = PATIENCE_SECONDS
    ) -> None:
        self._connection = connection
        self._folder = folder
        self._patience = patience
        self._analyst = Analyst(connection)
        self._founded = False

    @property
    def server(self) -> ServerInfo:
        """Which server answers, asked from the server itself."""
        drivers = self._connection.drivers
        try:
            agent = str(drivers.writer.get_server_info().agent)
        except (Neo4jError, DriverError, OSError):
            # Once more through the path that starts a lost server again.
            transact(self._connection, lambda tx: tx.run("RETURN 1"), write=False, patience=self._patience)
            drivers = self._connection.drivers
            agent = str(drivers.writer.get_server_info().agent)
        return _server_info(agent, drivers.address.uri)

    def check(self) -> None:
        """Connects once, without patience.

        Raises:
            StoreUnavailableError: nothing answers there.
            StoreLoginError: the user or the password is wrong.
        """
        drivers = self._connection.drivers
        try:
            with drivers.writer.session(database=drivers.address.database) as session:
                session.run("RETURN 1").consume()
        except (Neo4jError, DriverError, OSError) as error:
            raise explain(error, drivers.address) from error

    def create_schema(self) -> None:
        """Makes constraints, indexes and the version stamp; doing it again changes nothing.

        Raises:
            ForeignDataError: the database holds nodes that are not graphmap's.
            StoreError: it holds a graph of another schema version.
        """
        lay_foundation(self._connection, self._patience)
        self._founded = True

    def write(self, *statements: Statement) -> list[list[tuple[object, ...]]]:
        """Runs the statements in one transaction and returns the rows of each.

        Raises:
            StoreError: a statement's ``expect`` was not met, or the server refused; nothing is written then.
        """

        def work(tx: Writer) -> list[list[tuple[object, ...]]]:
            answers: list[list[tuple[object, ...]]] = []
            for statement in statements:
                rows = tx.run(statement.text, **statement.parameters)
                _compare(statement, rows)
                answers.append(rows)
            return answers

        return self.write_with(work)

    def write_with(self, work: Callable[[Writer], T]) -> T:
        """Reads, decides and writes in one transaction; an exception of ``work`` takes everything back."""
        if not self._founded:
            self.create_schema()
        return transact(self._connection, work, write=True, patience=self._patience)

    def read(self, text: str, /, **parameters: object) -> list[tuple[object, ...]]:
        """All rows of a reading statement of our own."""
        return transact(
            self._connection, lambda tx: tx.run(text, **parameters), write=False, patience=self._patience
        )

    def ask(
        self,
        text: str,
        parameters: Mapping[str, object] | None = None,
        *,
        seconds: float,
        rows: int,
        user: str = "",
    ) -> Answer:
        """The analyst door: checks the statement, then runs it as the read-only principal within the limits.

        Raises:
            QueryRefusedError: it does more than read, or the user has one running already.
            QueryFailedError: it is wrong, or a limit stopped it.
        """
        check_statement(text)
        return self.ask_unchecked(text, parameters, seconds=seconds, rows=rows, user=user)

    def ask_unchecked(
        self,
        text: str,
        parameters: Mapping[str, object] | None = None,
        *,
        seconds: float,
        rows: int,
        user: str = "",
    ) -> Answer:
        """``ask`` without the statement check: what remains is the principal, the access mode and the limits."""
        return self._analyst.run(text, parameters or {}, seconds=seconds, rows=rows, user=user)

    def status(self) -> StoreStatus:
        """Server, version and counts."""
        counts = {kind.label: self._count(f"MATCH (n:{kind.label}) RETURN count(n)") for kind in NODES}
        links = {
            kind.type: self._count(f"MATCH ()-[r:{kind.type}]->() RETURN count(r)") for kind in RELATIONSHIPS
        }
        return StoreStatus(
            server=self.server,
            schema_version=stamped_version(self._connection, self._patience),
            nodes=counts,
            relationships=links,
            size_bytes=None if self._folder is None else self._folder.size(),
        )

    def close(self) -> None:
        """Closes the connections; an embedded server stays for others and leaves by itself."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _count(self, text: str) -> int:
        value = self.read(text)[0][0]
        return value if isinstance(value, int) else 0


def _compare(statement: Statement, rows: list[tuple[object, ...]]) -> None:
    if statement.expect is None:
        return
    met = rows[0][0] if len(rows) == 1 and rows[0] else None
    if met != statement.expect:
        raise UnmetError(
            f"a write met {met} of {statement.expect} rows, so nothing was written: {statement.text[:120]}",
            remedy="the graph lacks a node that this names; run the import again",
        )


def _server_info(agent: str, address: str) -> ServerInfo:
    """Reads the server's own name.

    >>> _server_info("Neo4j/5.26.0 compatible (ArcadeDB 26.10.2)", "bolt://x").product
    'ArcadeDB'
    >>> _server_info("Neo4j/5.26.30", "bolt://x").version
    '5.26.30'
    """
    behind = re.search(r"\((\w+) ([\w.\-]+)\)", agent)
    if behind is not None:
        return ServerInfo(behind[1], behind[2], address)
    product, _, version = agent.partition("/")
    return ServerInfo(product, version, address)
