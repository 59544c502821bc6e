"""Servers that refuse, are gone, or go away: one sentence with the address and the remedy, never a password."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import suppress

import pytest

from graphmap.config import Settings
from graphmap.errors import ConfigError, StoreError, StoreLoginError, StoreUnavailableError
from graphmap.store import GraphStore, open_store
from graphmap.store.connection import Address, Connection
from graphmap.store.embedded import embedded_folder

SECRET = "s3cret-that-is-wrong"


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def settings(**environment: str) -> Settings:
    return Settings.load(
        environment={f"GRAPHMAP_{name.upper()}": value for name, value in environment.items()}
    )


@pytest.mark.parametrize(
    "address", ["", "http://x:1", "embedded:/some/path", "bolt:", "bolt://", "sqlite:///x", "neo4j+x://h"]
)
def test_what_is_no_address_of_a_store_is_refused(address: str, tmp_path):
    with pytest.raises(ConfigError) as refused:
        open_store(settings(home=str(tmp_path), store=address))
    assert "bolt://" in str(refused.value.remedy) or "GRAPHMAP_HOME" in str(refused.value.remedy)


@pytest.mark.parametrize("scheme", ["bolt", "neo4j"])
def test_nobody_there(scheme: str, tmp_path):
    address = f"{scheme}://127.0.0.1:{free_port()}"
    with pytest.raises(StoreUnavailableError) as gone:
        open_store(settings(home=str(tmp_path), store=address, store_password=SECRET))
    assert address in gone.value.message
    assert gone.value.remedy
    assert SECRET not in repr(gone.value) + str(gone.value)


@pytest.mark.neo4j
def test_a_wrong_password_on_neo4j(neo4j_environment):
    with pytest.raises(StoreLoginError) as refused:
        open_store(Settings.load(environment={**neo4j_environment, "GRAPHMAP_STORE_PASSWORD": SECRET}))
    assert refused.value.remedy
    assert SECRET not in repr(refused.value) + str(refused.value)


@pytest.mark.neo4j
def test_an_unknown_database_on_neo4j(neo4j_environment):
    with pytest.raises(StoreError, match="no database 'elsewhere'"):
        open_store(Settings.load(environment={**neo4j_environment, "GRAPHMAP_STORE_DATABASE": "elsewhere"}))


def test_a_wrong_password_on_the_embedded_server(embedded_store: GraphStore, embedded_home):
    running = embedded_folder(embedded_home).running()
    assert running is not None
    address = Address(f"bolt://127.0.0.1:{running.bolt}", "root", SECRET, "graphmap")
    assert SECRET not in repr(address)
    with GraphStore(Connection(lambda: address)) as store, pytest.raises(StoreLoginError) as refused:
        store.check()
    assert SECRET not in repr(refused.value) + str(refused.value)
    assert running.password not in repr(running) + repr(embedded_store._connection.drivers)


class Relay:
    """Passes bytes on to a server until it is cut, so that a server can go away under a test."""

    def __init__(self, port: int) -> None:
        self._to = port
        self._sockets: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                ours, _ = self._listener.accept()
                theirs = socket.create_connection(("127.0.0.1", self._to))
                self._sockets += [ours, theirs]
                for source, sink in ((ours, theirs), (theirs, ours)):
                    self._threads.append(threading.Thread(target=self._pass_on, args=(source, sink)))
                    self._threads[-1].start()

    def _pass_on(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)

    def cut(self) -> None:
        for each in [self._listener, *self._sockets]:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()
        for thread in self._threads:
            thread.join()


@pytest.fixture
def relay(neo4j_environment) -> Iterator[Relay]:
    made = Relay(int(neo4j_environment["GRAPHMAP_STORE"].rpartition(":")[2]))
    yield made
    made.cut()


@pytest.mark.neo4j
def test_a_neo4j_that_goes_away_in_the_middle(relay: Relay, neo4j_environment):
    address = f"bolt://127.0.0.1:{relay.port}"
    there = Settings.load(environment={**neo4j_environment, "GRAPHMAP_STORE": address})
    with open_store(there, patience=1) as store:
        assert store.read("RETURN 1") == [(1,)]
        relay.cut()
        for attempt in (
            lambda: store.read("RETURN 1"),
            lambda: store.write_with(lambda tx: tx.run("RETURN 1")),
            lambda: store.ask("RETURN 1", seconds=2, rows=1),
        ):
            with pytest.raises(StoreUnavailableError) as gone:
                attempt()
            assert address in gone.value.message


def test_a_closed_store_says_so(embedded_environment):
    store = open_store(Settings.load(environment=embedded_environment))
    store.close()
    with pytest.raises(StoreError, match="closed"):
        store.read("RETURN 1")
    store.close()
