"""Several threads and processes on one store: exact counts, no duplicates, nothing half."""

from __future__ import annotations

import threading

from graphmap.config import Settings
from graphmap.store import GraphStore, Statement, open_store, statements

CONTENDER = """
import os, sys
from graphmap.config import Settings
from graphmap.store import Statement, open_store, statements

with open_store(Settings.load()) as store:
    for batch in range(6):
        rows = [{"key": f"k{number}", "props": {"name": sys.argv[1]}} for number in range(batch * 50, batch * 50 + 100)]
        links = [(f"k{number}", "f", {}) for number in range(batch * 50, batch * 50 + 100)]
        store.write(
            Statement(statements.upsert_nodes("Firm"), {"rows": [{"key": "f", "props": {}}]}, expect=1),
            Statement(statements.upsert_nodes("Person"), {"rows": rows}, expect=100),
            *statements.link("OWNS", "Person", "Firm", links),
        )
    print(store.server.product)
"""


def test_processes_that_merge_the_same_keys(any_store_settings: Settings, store_environment, beside):
    processes = [beside(CONTENDER, store_environment, str(number)) for number in range(3)]
    answers = [process.communicate(timeout=240) for process in processes]
    assert [process.returncode for process in processes] == [0, 0, 0], answers
    with open_store(any_store_settings) as store:
        assert {out.strip() for out, _ in answers} == {store.server.product}
        assert store.read("MATCH (p:Person) RETURN count(p), count(DISTINCT p.id)") == [(350, 350)]
        assert store.read("MATCH (f:Firm)<-[o:OWNS]-(p:Person) RETURN count(o), count(DISTINCT p)") == [
            (350, 350)
        ]
        assert store.read("MATCH (f:Firm) RETURN count(f)") == [(1,)]


def test_threads_that_merge_the_same_keys(store: GraphStore):
    failures: list[BaseException] = []

    def work(mine: int) -> None:
        try:
            for batch in range(5):
                keys = [f"k{(number * (mine + 1)) % 60}" for number in range(60)]
                rows = [{"key": key, "props": {"name": str(batch)}} for key in keys]
                store.write(Statement(statements.upsert_nodes("Firm"), {"rows": rows}, expect=60))
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert store.read("MATCH (f:Firm) RETURN count(f), count(DISTINCT f.id)") == [(60, 60)]


def test_read_decide_and_write_loses_no_update(store: GraphStore):
    store.write(
        Statement(
            statements.upsert_nodes("State"), {"rows": [{"key": "counter", "props": {"count": 0}}]}, expect=1
        )
    )

    def add(tx) -> None:
        # The lock comes first: what is read then is what is written upon.
        tx.run("MATCH (s:State {id: 'counter'}) SET s.holder = 'x'")
        value = tx.run("MATCH (s:State {id: 'counter'}) RETURN s.count")[0][0]
        tx.run("MATCH (s:State {id: 'counter'}) SET s.count = $value", value=value + 1)

    threads = [threading.Thread(target=lambda: [store.write_with(add) for _ in range(10)]) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert store.read("MATCH (s:State {id: 'counter'}) RETURN s.count") == [(30,)]


def test_a_reader_never_sees_half_a_batch(store: GraphStore):
    seen: set[object] = set()
    done = threading.Event()

    def look() -> None:
        while not done.is_set():
            seen.add(store.read("MATCH (f:Firm) RETURN count(f)")[0][0])

    reader = threading.Thread(target=look)
    reader.start()
    try:
        for batch in range(5):
            rows = [{"key": f"{batch}-{number}", "props": {"name": "n"}} for number in range(1000)]
            store.write(Statement(statements.upsert_nodes("Firm"), {"rows": rows}, expect=1000))
    finally:
        done.set()
        reader.join()
    assert seen <= {0, 1000, 2000, 3000, 4000, 5000}
