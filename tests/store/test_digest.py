"""The fingerprint: equal where the same is stored, whatever the order, the server or what was derived; else different."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from graphmap.store import GraphStore, Statement, statements
from graphmap.store.digest import digest


def nodes(label: str, *rows: tuple[str, dict[str, object]]) -> Statement:
    made = [{"key": key, "props": props} for key, props in rows]
    return Statement(statements.upsert_nodes(label), {"rows": made}, expect=len(made))


RECORD = {"key": "k", "source": "s", "object": "o", "kind": "firms", "hash": "h", "payload": '{"id": "ü"}'}


def fill(store: GraphStore, *, turned: bool = False, run: str = "r", batch: str = "r:0") -> None:
    pieces = [
        nodes("Run", (run, {"kind": "import", "sequence": 1, "started_at": 5})),
        nodes("Record", ("k@r", {**RECORD, "run": run, "ordinal": 1, "file": "a.csv", "line": 2})),
        nodes("Identity", ("i1", {"kind": "mail"}), ("i2", {"kind": "mail"})),
        nodes("Interaction", ("x", {"kind": "email", "at": 1, "stated": ["s|h"], "hash": "h", "batch": batch, "run": run})),
        nodes("Interaction", ("y", {"kind": "call", "at": 2, "stated": ["s|g"], "hash": "g", "batch": f"{batch}1", "thread": "t"})),
        nodes("Interaction", ("z", {"kind": "call", "at": 3, "stated": ["s|f"], "hash": "f"})),
        nodes("Decision", ("d", {"kind": "set", "identity": "i1", "field": "title", "value": "CEO", "author": "me", "at": 9})),
        nodes("Suppressed", ("s", {"at": 1, "author": "me"})),
    ]  # fmt: skip
    store.write(*(reversed(pieces) if turned else pieces))
    parts = [
        ("i1", "x", {"role": "from", "place": 0}),
        ("i2", "x", {"role": "to", "place": 1}),
        ("i2", "z", {"role": "to", "place": 0}),
    ]
    store.write(
        *statements.link("TOOK_PART", "Identity", "Interaction", reversed(parts) if turned else parts)
    )


def test_order_runs_and_what_is_derived_do_not_matter(store: GraphStore, any_store_settings):
    fill(store)
    known = digest(store)
    assert len(known) == 64
    store.write(
        nodes("Assessment", ("a", {"run": "x", "dependence": 1.0})),
        nodes("Firm", ("f", {"name": "derived"})),
        *statements.link("ABOUT", "Interaction", "Firm", [("x", "f", {})]),
        Statement("MATCH (r:Record) SET r.line = 77, r.file = 'b.csv'"),
        Statement("MATCH (i:Interaction {id: 'x'}) SET i.batch = 'q:0', i.run = 'q'"),
    )
    assert digest(store) == known
    store.write(Statement("MATCH (n) WHERE NOT n:State DETACH DELETE n"))
    fill(store, turned=True, run="other", batch="other:5")
    assert digest(store) == known


def test_both_servers_agree(store: GraphStore):
    fill(store)
    # Computed once; a server that stores or orders anything differently does not meet it.
    assert digest(store) == "3069f7c6d238efd9dc1534a8fce7b069271cfa0a7ec9f8c99c3d59c8b33a18d7"


def test_the_newest_version_of_a_row_counts(store: GraphStore):
    fill(store)
    known = digest(store)
    older = {**RECORD, "hash": "old", "payload": "{}", "run": "r0", "ordinal": 0}
    store.write(
        nodes("Record", ("k@r0", older)),
        nodes("Run", ("r0", {"kind": "import", "sequence": 0, "started_at": 99})),
    )
    assert digest(store) == known
    store.write(
        nodes("Record", ("k@r2", {**older, "run": "r2"})),
        nodes("Run", ("r2", {"kind": "import", "sequence": 2})),
    )
    assert digest(store) != known


@pytest.mark.parametrize(
    "change",
    [
        lambda: Statement("MATCH (r:Record) SET r.payload = '{}'"),
        lambda: Statement("MATCH (i:Interaction {id: 'x'}) SET i.at = 2"),
        lambda: Statement("MATCH (i:Interaction {id: 'z'}) SET i.direction = 'in'"),
        lambda: Statement("MATCH (:Identity {key: 'i1'})-[t:TOOK_PART]->() SET t.role = 'cc'"),
        lambda: Statement("MATCH (:Identity {key: 'i1'})-[t:TOOK_PART]->() SET t.place = 2"),
        lambda: Statement("MATCH (:Identity {key: 'i2'})-[t:TOOK_PART]->(:Interaction {id: 'z'}) DELETE t"),
        lambda: nodes("Identity", ("i3", {"kind": "mail"})),
        lambda: Statement("MATCH (d:Decision) SET d.value = 'CFO'"),
        lambda: Statement("MATCH (s:Suppressed) DELETE s"),
    ],
)
def test_anything_that_must_survive_matters(store: GraphStore, change: Callable[[], Statement]):
    fill(store)
    known = digest(store)
    store.write(change())
    assert digest(store) != known


def test_an_empty_store_has_a_digest(store: GraphStore):
    assert digest(store) == digest(store)
