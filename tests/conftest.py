"""Stores for every test that needs one: the embedded server always, a real Neo4j where one is given.

A Neo4j for the tests is named by ``GRAPHMAP_TEST_NEO4J=bolt://…`` (``tests/neo4j/neo4j-server start`` makes one) with
``GRAPHMAP_TEST_NEO4J_USER`` and ``GRAPHMAP_TEST_NEO4J_PASSWORD``. It is emptied before every test. Without it those tests
are skipped, unless ``GRAPHMAP_REQUIRE_NEO4J=1`` says that it must be there.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import HealthCheck, settings

from graphmap.config import Settings
from graphmap.store import GraphStore, open_store
from graphmap.store.embedded import stop_embedded
from graphmap.store.transactions import transact

# How fast a machine draws examples or runs one says nothing about the law: no test asserts a time.
settings.register_profile("graphmap", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("graphmap")

FIGURE = "figure"
"""A property of a test (``record_property``) that is printed at the end of a run."""


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Prints what tests measured, also where they ran in workers."""
    for report in terminalreporter.getreports("passed"):
        for name, value in report.user_properties:
            if name == FIGURE:
                terminalreporter.write_line(str(value))


PRODUCTS = {"embedded": "ArcadeDB", "neo4j": "Neo4j"}
QUERY_SECONDS = "2"


def _neo4j_environment() -> dict[str, str]:
    uri = os.environ.get("GRAPHMAP_TEST_NEO4J", "")
    if not uri:
        sentence = (
            "no Neo4j given: GRAPHMAP_TEST_NEO4J=bolt://host:port (tests/neo4j/neo4j-server start prints it)"
        )
        if os.environ.get("GRAPHMAP_REQUIRE_NEO4J") == "1":
            pytest.fail(sentence)
        pytest.skip(sentence)
    return {
        "GRAPHMAP_STORE": uri,
        "GRAPHMAP_STORE_USER": os.environ.get("GRAPHMAP_TEST_NEO4J_USER", "neo4j"),
        "GRAPHMAP_STORE_PASSWORD": os.environ.get("GRAPHMAP_TEST_NEO4J_PASSWORD", "graphmap-test"),
    }


def wipe(store: GraphStore) -> None:
    """Deletes every node in pages, ours or not; only ever called on stores of the tests."""
    text = "MATCH (n) WITH n LIMIT 20000 DETACH DELETE n RETURN count(*)"
    while transact(store._connection, lambda tx: tx.run(text), write=True) != [(0,)]:
        pass
    store._founded = False


@pytest.fixture(scope="session")
def embedded_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The home folder of the session's embedded server, which is stopped at the end."""
    home = tmp_path_factory.mktemp("embedded-home")
    yield home
    stop_embedded(home)


@pytest.fixture(scope="session")
def embedded_environment(embedded_home: Path) -> dict[str, str]:
    """GRAPHMAP_* of the session's embedded server; for Settings.load(environment=...) and for child processes."""
    return {
        "GRAPHMAP_HOME": str(embedded_home),
        "GRAPHMAP_STORE": "embedded:",
        "GRAPHMAP_STORE_HEAP": "1g",
        "GRAPHMAP_QUERY_SECONDS": QUERY_SECONDS,
    }


@pytest.fixture(scope="session")
def neo4j_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home folder of whoever uses the given Neo4j."""
    return tmp_path_factory.mktemp("neo4j-home")


@pytest.fixture
def neo4j_environment(neo4j_home: Path) -> Iterator[dict[str, str]]:
    """GRAPHMAP_* of the given Neo4j, held for this test alone; skips (or fails where it is required) without one."""
    environment = _neo4j_environment()
    name = re.sub(r"\W+", "-", environment["GRAPHMAP_STORE"])
    # Workers of pytest-xdist share the one Neo4j; each has an embedded server of its own.
    with FileLock(Path(tempfile.gettempdir()) / f"graphmap-tests-{name}.lock"):
        yield {"GRAPHMAP_HOME": str(neo4j_home), "GRAPHMAP_QUERY_SECONDS": QUERY_SECONDS, **environment}


@pytest.fixture(params=[pytest.param("embedded"), pytest.param("neo4j", marks=pytest.mark.neo4j)])
def store_environment(request: pytest.FixtureRequest) -> dict[str, str]:
    """GRAPHMAP_* of each server in turn."""
    return request.getfixturevalue(f"{request.param}_environment")


@pytest.fixture
def any_store_settings(store_environment: dict[str, str]) -> Settings:
    """Settings that point to each server in turn; the store is empty, without even the schema's stamp."""
    settings = Settings.load(environment=store_environment)
    with open_store(settings, patience=5) as store:
        _prove(store, store_environment)
        wipe(store)
    return settings


@pytest.fixture
def store(any_store_settings: Settings, store_environment: dict[str, str]) -> Iterator[GraphStore]:
    """An open, empty store with the schema, on each server in turn."""
    with open_store(any_store_settings, patience=5) as opened:
        opened.create_schema()
        yield opened


@pytest.fixture
def embedded_store(embedded_environment: dict[str, str]) -> Iterator[GraphStore]:
    """An open, empty store with the schema on the embedded server alone."""
    with open_store(Settings.load(environment=embedded_environment)) as opened:
        _prove(opened, embedded_environment)
        wipe(opened)
        opened.create_schema()
        yield opened


def _prove(store: GraphStore, environment: dict[str, str]) -> None:
    """The server itself says which product it is; a test never passes on the wrong one."""
    wanted = PRODUCTS["embedded" if environment["GRAPHMAP_STORE"] == "embedded:" else "neo4j"]
    assert store.server.product == wanted, store.server
