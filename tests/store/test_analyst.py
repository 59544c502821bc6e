"""The analyst door on every server: reads pass, nothing else does, and every limit holds."""

from __future__ import annotations

import json
import threading

import pytest

from graphmap.errors import QueryFailedError, QueryRefusedError
from graphmap.store import GraphStore

CROSS_JOIN = "MATCH (a), (b), (c), (d), (e), (f), (g) WHERE a.x + b.x + c.x + d.x + e.x + f.x + g.x < 0 RETURN count(*)"

REACHES_OUT = [
    "LOAD CSV FROM 'file:///etc/passwd' AS line RETURN line",
    "load /* x */ csv FROM 'file:///etc/passwd' AS line RETURN line",
    "LOAD // x\n CSV WITH HEADERS FROM 'http://127.0.0.1:1/x' AS line RETURN line",
    "MATCH (n) LOAD\tCSV FROM 'file:///etc/passwd' AS line RETURN line",
    "SHOW USERS",
    "SHOW/**/USERS",
    "TERMINATE TRANSACTIONS 'neo4j-transaction-1'",
    "ALTER CURRENT USER SET PASSWORD FROM 'graphmap-test' TO 'x'",
    "CALL dbms.listConfig()",
    "CALL dbms.components()",
    "CALL db.createLabel('Evil')",
    "MATCH (n) RETURN n; CREATE (:Evil)",
    "USE system SHOW DATABASES",
]

WRITES = [
    "CREATE (:Evil)",
    "CREATE (:Firm {id: 'evil'})",
    "MERGE (f:Firm {id: 'a'}) SET f.name = 'evil'",
    "MATCH (f:Firm) SET f.name = 'evil'",
    "MATCH (f:Firm) SET f.name = 'evil' RETURN f.name",
    "MATCH (f:Firm) SET f:Evil",
    "MATCH (f:Firm) REMOVE f.name",
    "MATCH (f:Firm) DETACH DELETE f",
    "MATCH ()-[r]->() DELETE r",
    "MATCH (f:Firm) FOREACH (x IN [1] | SET f.name = 'evil')",
    "MATCH (f:Firm) CALL (f) { SET f.name = 'evil' } RETURN f",
    "MATCH (a:Firm {id: 'a'}), (b:Firm {id: 'b'}) CREATE (a)-[:PART_OF]->(b)",
    "CREATE INDEX evil IF NOT EXISTS FOR (n:Firm) ON (n.evil)",
    "CREATE CONSTRAINT evil IF NOT EXISTS FOR (n:Firm) REQUIRE n.evil IS UNIQUE",
    "DROP CONSTRAINT firm_id IF EXISTS",
]


def ask(store: GraphStore, text: str, rows: int = 100, **parameters: object):
    return store.ask(text, parameters, seconds=2, rows=rows, user="anna")


def everything(store: GraphStore) -> tuple[object, ...]:
    nodes = sorted(store.read("MATCH (n) RETURN labels(n), properties(n)"), key=str)
    links = sorted(store.read("MATCH (a)-[r]->(b) RETURN type(r), properties(r)"), key=str)
    definitions = (
        sorted(str(row[1]) for row in store.read("SHOW CONSTRAINTS")),
        store.read("SHOW INDEXES YIELD name"),
    )
    return nodes, links, definitions[0], sorted(definitions[1])


def test_writes_and_what_reaches_out_are_refused_by_the_check(small_graph: GraphStore):
    before = everything(small_graph)
    for text in [*WRITES, *REACHES_OUT]:
        with pytest.raises(QueryRefusedError) as refused:
            ask(small_graph, text)
        assert refused.value.remedy, text
    assert everything(small_graph) == before


def test_writes_are_refused_by_the_server_even_without_the_check(small_graph: GraphStore):
    before = everything(small_graph)
    for text in WRITES:
        with pytest.raises((QueryRefusedError, QueryFailedError)) as refused:
            small_graph.ask_unchecked(text, seconds=5, rows=10)
        assert "only reading is allowed" in refused.value.message, (text, refused.value)
    assert everything(small_graph) == before


def test_the_embedded_server_reaches_no_file_and_no_address_even_without_the_check(
    embedded_store: GraphStore,
):
    for address in ("file:///etc/passwd", "/etc/passwd", "http://127.0.0.1:1/x", "https://example.org/x"):
        with pytest.raises((QueryRefusedError, QueryFailedError)):
            embedded_store.ask_unchecked(f"LOAD CSV FROM '{address}' AS line RETURN line", seconds=5, rows=10)
        # Not even graphmap itself can: the engine's own switches are off.
        with pytest.raises(Exception, match=r"disabled|not allowed|refused"):
            embedded_store.read(f"LOAD CSV FROM '{address}' AS line RETURN line")


def test_values_are_json(small_graph: GraphStore):
    text = (
        "MATCH p = (:Person {id: 'bo'})-[:OWNS]->(f:Firm {id: 'a'}) MATCH (:Person {id: 'bo'})-[r:OWNS]->(f) "
        "RETURN f, r, p, date('2024-02-29'), datetime('2024-02-29T12:00:00Z'), duration('P1DT2H'), [1, 2.5, null, {a: f.name}], "
        "localdatetime('2024-02-29T12:00:00'), $given, point({x: 1.0, y: 2.0})"
    )
    answer = ask(small_graph, text, given="'; MATCH (n) DETACH DELETE n //")
    row = answer.rows[0]
    firm = {
        "labels": ["Firm"],
        "properties": {
            "annual_value": 100.0,
            "currency": "EUR",
            "id": "a",
            "kind": "account",
            "name": "Alpha",
        },
    }
    person = {"labels": ["Person"], "properties": {"id": "bo", "name": "Bo"}}
    owns = {"type": "OWNS", "properties": {}}
    assert row[:3] == (firm, owns, [person, owns, firm])
    assert row[3] == "2024-02-29"
    assert str(row[4]).startswith("2024-02-29T12:00:00")
    assert row[5] == "P1DT2H"
    assert row[6] == [1, 2.5, None, {"a": "Alpha"}]
    assert str(row[7]).startswith("2024-02-29T12:00:00")
    assert row[8] == "'; MATCH (n) DETACH DELETE n //"
    json.dumps(answer.rows, allow_nan=False)


def test_the_row_limit_truncates_and_says_so(small_graph: GraphStore):
    text = "UNWIND range(1, 5000) AS n RETURN n"
    exact, cut = ask(small_graph, text, rows=5000), ask(small_graph, text, rows=7)
    assert (len(exact.rows), exact.truncated) == (5000, False)
    assert ([row[0] for row in cut.rows], cut.truncated) == ([1, 2, 3, 4, 5, 6, 7], True)
    endless = "UNWIND range(1, 100000) AS a UNWIND range(1, 100000) AS b RETURN a, b"
    assert ask(small_graph, endless, rows=3).truncated
    # The next one is not held up by what nobody wanted to read.
    assert ask(small_graph, "RETURN 1").rows == ((1,),)


def test_a_cross_join_is_stopped_at_the_limit(small_graph: GraphStore, eventually):
    with pytest.raises(QueryFailedError, match="stopped after 2 seconds"):
        ask(small_graph, CROSS_JOIN)
    eventually(lambda: not small_graph._analyst._busy)
    assert ask(small_graph, "RETURN 1").rows == ((1,),)


def test_one_running_statement_per_user(small_graph: GraphStore, eventually):
    failures: list[Exception] = []

    def run() -> None:
        try:
            ask(small_graph, CROSS_JOIN)
        except QueryFailedError as error:
            failures.append(error)

    first = threading.Thread(target=run)
    first.start()
    eventually(lambda: "anna" in small_graph._analyst._busy)
    with pytest.raises(QueryRefusedError, match="still running"):
        ask(small_graph, "RETURN 1")
    assert small_graph.ask("RETURN 2", seconds=5, rows=1, user="bert").rows == ((2,),)
    first.join()
    assert len(failures) == 1
    eventually(lambda: "anna" not in small_graph._analyst._busy)
    assert ask(small_graph, "RETURN 3").rows == ((3,),)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("MATCH (n) RETURN missing", "missing"),
        ("RETURN 1 / 0", "zero"),
        ("RETURN $nobody_gave_it", "nobody_gave_it"),
        ("MATCH (n:Firm) RETURN n.name +", ""),
        ("MATCH (n) RETURN toInteger([1])", ""),
    ],
)
def test_a_wrong_statement_fails_with_one_clean_sentence(small_graph: GraphStore, text: str, says: str):
    with pytest.raises(QueryFailedError) as failed:
        ask(small_graph, text)
    message = failed.value.message
    assert says in message
    for inner in ("Neo.", "java", "Exception", "com.", "offset", "server log", "\n"):
        assert inner not in message
    if text.endswith("+"):
        assert "line 1, column" in message


def test_columns_are_named_even_without_rows(small_graph: GraphStore):
    answer = ask(small_graph, "MATCH (n:Nothing) RETURN n.x AS x, count(n) AS c, n.y ORDER BY x")
    assert (answer.columns, answer.rows) == (("x", "c", "n.y"), ())
