"""The drivers behind a store, and how they come back when the server went away."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from neo4j.exceptions import (
    AuthError,
    ConfigurationError,
    ConnectionAcquisitionTimeoutError,
    Neo4jError,
    ServiceUnavailable,
    SessionExpired,
)

import neo4j
from graphmap.errors import ConfigError, StoreError, StoreLoginError, StoreUnavailableError

# What the driver has to say about lost connections comes to the user as one sentence of ours, not as log lines on the
# terminal; whoever configures logging still gets them.
logging.getLogger("neo4j").addHandler(logging.NullHandler())


_RATE_LIMIT = "Neo.ClientError.Security.AuthenticationRateLimit"
"""A Neo4j refuses everybody for some seconds after three wrong passwords."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a store is and who we are there; the passwords are never shown."""

    uri: str
    user: str
    password: str = field(repr=False)
    database: str
    reader_user: str = ""
    reader_password: str = field(default="", repr=False)
    embedded: bool = False


@dataclass(frozen=True, slots=True)
class Drivers:
    """One generation of drivers; ``reader`` is the read-only principal where there is one, else the writer."""

    address: Address
    writer: neo4j.Driver
    reader: neo4j.Driver

    def close(self) -> None:
        """Closes every connection."""
        self.writer.close()
        if self.reader is not self.writer:
            self.reader.close()


class Connection:
    """The current drivers. ``renew`` replaces a generation that lost its server, once for all threads that noticed."""

    def __init__(self, locate: Callable[[], Address]) -> None:
        self._locate = locate
        self._lock = threading.Lock()
        self._drivers: Drivers | None = None
        self._closed = False

    @property
    def drivers(self) -> Drivers:
        """The drivers of the current generation; the server is found or started at the first use."""
        with self._lock:
            if self._closed:
                raise StoreError("the store is closed")
            if self._drivers is None:
                self._drivers = _open(self._locate())
            return self._drivers

    def is_current(self, drivers: Drivers) -> bool:
        """Whether nobody renewed the connection since."""
        return self._drivers is drivers

    def renew(self, lost: Drivers) -> None:
        """Closes the lost generation; the next use locates the server again."""
        with self._lock:
            if self._drivers is lost:
                self._drivers = None
        lost.close()

    def close(self) -> None:
        """Closes everything for good."""
        with self._lock:
            drivers, self._drivers, self._closed = self._drivers, None, True
        if drivers is not None:
            drivers.close()


def _open(address: Address) -> Drivers:
    writer = _driver(address, address.user, address.password)
    reader = reader_driver(address) if address.reader_user else writer
    return Drivers(address, writer, reader)


def reader_driver(address: Address) -> neo4j.Driver:
    """A driver of the read-only principal."""
    return _driver(address, address.reader_user, address.reader_password)


def _driver(address: Address, user: str, password: str) -> neo4j.Driver:
    options: dict[str, object] = {
        "auth": neo4j.basic_auth(user, password),
        "connection_timeout": 10.0,
        "connection_acquisition_timeout": 30.0,
        "telemetry_disabled": True,
        "user_agent": "graphmap",
    }
    if not address.embedded:
        # Hints such as "this label does not exist yet" would fill the log of every first import.
        options["notifications_min_severity"] = neo4j.NotificationMinimumSeverity.OFF
    try:
        return neo4j.GraphDatabase.driver(address.uri, **options)  # pyright: ignore[reportArgumentType]
    except (ConfigurationError, ValueError) as reason:
        raise ConfigError(
            f"store = {address.uri!r} cannot be used: {reason}",
            remedy="embedded: or bolt://, neo4j://, neo4j+s://host:port",
        ) from None


def explain(error: Exception, address: Address) -> StoreError:
    """Our error for one of the driver: what happened, where, and what to do; never a password."""
    if isinstance(error, AuthError) or getattr(error, "code", "") == _RATE_LIMIT:
        return StoreLoginError(
            f"{address.uri} refused the user {address.user!r} or the password",
            remedy="set GRAPHMAP_STORE_USER and GRAPHMAP_STORE_PASSWORD",
        )
    if is_lost(error):
        remedy = (
            "the same command again starts it"
            if address.embedded
            else ("start the server, or correct GRAPHMAP_STORE")
        )
        return StoreUnavailableError(f"{address.uri} does not answer", remedy=remedy)
    if isinstance(error, Neo4jError):
        if error.code == "Neo.ClientError.Database.DatabaseNotFound":
            return StoreError(
                f"{address.uri} has no database {address.database!r}", remedy="set GRAPHMAP_STORE_DATABASE"
            )
        return StoreError(f"the graph store refused: {first_line(error)} ({error.code})")
    return StoreError(f"the graph store failed: {first_line(error)}")


def is_lost(error: Exception) -> bool:
    """Whether the server went away or never was there."""
    return isinstance(
        error, ServiceUnavailable | SessionExpired | ConnectionAcquisitionTimeoutError | OSError
    )


def first_line(error: Exception) -> str:
    """What the server said, without what follows for programmers."""
    text = (error.message if isinstance(error, Neo4jError) else str(error)) or type(error).__name__
    return text.strip().splitlines()[0][:400].rstrip(" .")
