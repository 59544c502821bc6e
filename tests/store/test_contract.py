"""What holds on every server: all or nothing, nothing lost silently, text as given."""

from __future__ import annotations

import pytest

from graphmap.errors import StoreError
from graphmap.schema import NODES, RELATIONSHIPS
from graphmap.store import GraphStore, Statement, statements

HOSTILE = [
    "Robert'); DROP TABLE Students;--",
    '"}) DETACH DELETE n //',
    "`${jndi:ldap://x}` \\u0027 \\ \\\\",
    "<script>alert(1)</script>",
    '=HYPERLINK("http://x")',
    "Ünïcödé 漢字 🙂 ﷽ e\u0301 \u202e",
    "line\nbreak\ttab\r\n",
    " " * 3,
    "x" * 7_000,
    "null",
]


def firms(*keys: str, **props: object) -> Statement:
    rows = [{"key": key, "props": dict(props)} for key in keys]
    return Statement(statements.upsert_nodes("Firm"), {"rows": rows}, expect=len(rows))


def people(*keys: str) -> Statement:
    rows = [{"key": key, "props": {"name": key}} for key in keys]
    return Statement(statements.upsert_nodes("Person"), {"rows": rows}, expect=len(rows))


def count(store: GraphStore, label: str) -> object:
    return store.read(f"MATCH (n:{label}) RETURN count(n)")[0][0]


def test_upsert_twice_changes_nothing_and_null_removes(store: GraphStore):
    for _ in range(2):
        store.write(firms("a", "b", name="A", segment="s"))
    assert count(store, "Firm") == 2
    store.write(firms("a", segment=None, name="B"))
    assert store.read("MATCH (f:Firm) RETURN f.id, f.name, f.segment ORDER BY f.id") == [
        ("a", "B", None),
        ("b", "A", "s"),
    ]


def test_every_type_comes_back_as_it_went(store: GraphStore):
    props = {"name": "n", "annual_value": 0.1 + 0.2, "made": False, "domains": ["b.example", "a.example"]}
    store.write(firms("a", **props))
    row = store.read("MATCH (f:Firm {id: 'a'}) RETURN f.name, f.annual_value, f.made, f.domains")[0]
    assert row == tuple(props.values())
    lists = {"tie_strengths": [0.5, 2.0], "tie_last_at": [2**53, -1], "tie_reps": [], "interactions": 2**62}
    store.write(
        Statement(statements.upsert_nodes("Assessment"), {"rows": [{"key": "x", "props": lists}]}, expect=1)
    )
    text = "MATCH (a:Assessment) RETURN a.tie_strengths, a.tie_last_at, a.tie_reps, a.interactions"
    assert store.read(text)[0] == tuple(lists.values())


def test_hostile_text_is_stored_as_given(store: GraphStore):
    keys = [f"{place}{text}"[:1000] for place, text in enumerate(HOSTILE)]
    rows = [
        {"key": key, "props": {"name": text, "domains": [text], "segment": text * 10}}
        for key, text in zip(keys, HOSTILE, strict=True)
    ]
    store.write(Statement(statements.upsert_nodes("Firm"), {"rows": rows}, expect=len(rows)))
    for key, text in zip(keys, HOSTILE, strict=True):
        assert store.read("MATCH (f:Firm {id: $key}) RETURN f.name, f.domains, f.segment", key=key) == [
            (text, [text], text * 10)
        ]


def test_create_refuses_what_exists_and_takes_everything_back(store: GraphStore):
    store.write(
        Statement(statements.create_nodes("Firm", ["name"]), {"rows": [["a", "A"], ["b", None]]}, expect=2)
    )
    again = Statement(statements.create_nodes("Firm", ["name"]), {"rows": [["c", "C"], ["a", "other"]]})
    with pytest.raises(StoreError):
        store.write(firms("d"), again)
    assert store.read("MATCH (f:Firm) RETURN f.id, f.name ORDER BY f.id") == [("a", "A"), ("b", None)]


def test_an_unknown_end_takes_everything_back(store: GraphStore):
    with pytest.raises(StoreError, match="met 1 of 2 rows"):
        store.write(
            firms("a"),
            people("p"),
            *statements.link("OWNS", "Person", "Firm", [("p", "a", {}), ("p", "gone", {})]),
        )
    assert store.status().nodes["Firm"] == 0
    assert store.status().nodes["Person"] == 0


def test_an_exception_of_the_work_takes_everything_back(store: GraphStore):
    def work(tx):
        tx.run("CREATE (:Firm {id: 'a'})")
        assert tx.run("MATCH (f:Firm) RETURN count(f)") == [(1,)]
        raise KeyError("stop")

    with pytest.raises(KeyError):
        store.write_with(work)
    assert count(store, "Firm") == 0


def test_relationships_are_told_apart_by_their_identity(store: GraphStore):
    rows = [
        ("p", "a", {"via": "i1", "precedence": 1, "title": "one"}),
        ("p", "a", {"via": "i2", "precedence": 1, "title": "two"}),
        ("p", "a", {"precedence": 1, "title": "no via"}),
    ]
    for _ in range(2):
        store.write(firms("a"), people("p"), *statements.link("WORKS_AT", "Person", "Firm", rows))
    found = store.read("MATCH (:Person)-[w:WORKS_AT]->(:Firm) RETURN w.title ORDER BY w.title")
    assert found == [("no via",), ("one",), ("two",)]
    changed = [("p", "a", {"precedence": 1, "title": "still none"})]
    store.write(*statements.link("WORKS_AT", "Person", "Firm", changed))
    store.write(
        Statement(
            statements.delete_relationships("WORKS_AT", "Person", "Firm"), {"rows": [["p", "a", "i2", 1]]}, 1
        )
    )
    found = store.read("MATCH (:Person)-[w:WORKS_AT]->(:Firm) RETURN w.title ORDER BY w.title")
    assert found == [("one",), ("still none",)]


def test_every_relationship_of_the_schema_can_be_written_and_deleted(store: GraphStore):
    for kind in RELATIONSHIPS:
        start, end = kind.start.split("|")[0], kind.end.split("|")[-1]
        nodes = [
            Statement(statements.upsert_nodes(label), {"rows": [{"key": key, "props": {}}]}, expect=1)
            for label, key in ((start, "s"), (end, "e"))
        ]
        props = {name: 1 if name == "precedence" else "v" for name in kind.identity}
        for _ in range(2):
            store.write(*nodes, *statements.link(kind.type, start, end, [("s", "e", props)]))
        assert store.status().relationships[kind.type] == 1
        gone = [["s", "e", *props.values()]]
        store.write(
            Statement(statements.delete_relationships(kind.type, start, end), {"rows": gone}, expect=1)
        )
    assert set(store.status().relationships.values()) == {0}


def test_nodes_are_deleted_with_their_relationships(store: GraphStore):
    store.write(
        firms("a"),
        people("p", "q"),
        *statements.link("OWNS", "Person", "Firm", [("p", "a", {}), ("q", "a", {})]),
    )
    answer = store.write(Statement(statements.delete_nodes("Person"), {"keys": ["p", "unknown"]}))
    assert answer == [[(1,)]]
    assert store.status().relationships["OWNS"] == 1


def test_status_counts_everything_and_names_the_server(store: GraphStore):
    store.write(firms("a", "b"), people("p"))
    status = store.status()
    assert set(status.nodes) == {kind.label for kind in NODES}
    assert (status.nodes["Firm"], status.nodes["Person"], status.nodes["State"]) == (2, 1, 1)
    assert status.server == store.server
    assert status.schema_version == 1
    assert (status.size_bytes is None) == (status.server.product == "Neo4j")


def test_a_large_answer_comes_whole(store: GraphStore):
    rows = [[f"{number}", number] for number in range(45_000)]
    for first in range(0, len(rows), 15_000):
        page = rows[first : first + 15_000]
        store.write(
            Statement(statements.create_nodes("Interaction", ["at"]), {"rows": page}, expect=len(page))
        )
    found = store.read("MATCH (i:Interaction) RETURN i.at")
    assert sorted(found) == [(number,) for number in range(45_000)]
