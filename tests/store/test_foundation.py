"""Schema, stamp and other people's data."""

from __future__ import annotations

import pytest

from graphmap.config import Settings
from graphmap.errors import ForeignDataError, StoreError
from graphmap.schema import VERSION
from graphmap.store import GraphStore, Statement, open_store, statements
from graphmap.store.transactions import transact


def definitions(store: GraphStore) -> list[tuple[object, ...]]:
    rows = store.read("SHOW CONSTRAINTS") + store.read("SHOW INDEXES YIELD name, labelsOrTypes, properties")
    return sorted((tuple(map(str, row)) for row in rows), key=str)


def everything(store: GraphStore) -> list[tuple[object, ...]]:
    return sorted(store.read("MATCH (n) RETURN labels(n), properties(n)"), key=str)


def test_making_the_schema_twice_changes_nothing(store: GraphStore):
    before = definitions(store), everything(store)
    store.create_schema()
    assert (definitions(store), everything(store)) == before
    assert len(store.read("SHOW CONSTRAINTS")) >= len(
        [text for text in statements.ddl() if "CONSTRAINT" in text]
    )


def test_the_first_write_lays_the_foundation(any_store_settings: Settings):
    with open_store(any_store_settings) as store:
        assert store.status().schema_version is None
        store.write(
            Statement(statements.upsert_nodes("Firm"), {"rows": [{"key": "a", "props": {}}]}, expect=1)
        )
        assert store.status().schema_version == VERSION


def test_other_peoples_data_is_never_touched(any_store_settings: Settings):
    with open_store(any_store_settings) as store:
        transact(store._connection, lambda tx: tx.run("CREATE (:Movie {title: 'Alien'})"), write=True)
        before = everything(store)
        for attempt in (store.create_schema, lambda: store.write(Statement("CREATE (:Firm {id: 'x'})"))):
            with pytest.raises(ForeignDataError, match=r"other data .*Movie"):
                attempt()
        assert everything(store) == before


def test_a_store_of_another_version_is_refused_with_the_remedy(
    store: GraphStore, any_store_settings: Settings
):
    store.write(Statement("MATCH (s:State {id: 'schema'}) SET s.value = '{\"version\": 99}'"))
    with open_store(any_store_settings) as other:
        with pytest.raises(StoreError, match="schema version 99") as refused:
            other.write(Statement("CREATE (:Firm {id: 'x'})"))
        assert refused.value.remedy
        assert other.status().nodes["Firm"] == 0
