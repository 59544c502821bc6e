"""The statement check: what passes, what does not, and that the sentence names the word and its place."""

from __future__ import annotations

import pytest

from graphmap.errors import QueryRefusedError
from graphmap.store.door import LONGEST, check_statement

READS = r"""
MATCH (n) RETURN n
match (n) return n;
MATCH (n:Person {id: $id})-[r:KNOWN_AS|OWNS*1..3 {a: 1}]->(m)<--(o) WHERE n.x = 1 AND NOT m.y IN [1, 2] RETURN DISTINCT n.a AS b, count(*) ORDER BY b DESC, n.a SKIP 1 LIMIT $x;
MATCH (n) WHERE n.name CONTAINS 'CREATE' RETURN n
RETURN p.set
MATCH (create:Set) RETURN create.delete AS remove, `CREATE`.x
MATCH (n:CREATE)-[:SET]->(:DELETE|REMOVE) RETURN n {.set, .*, drop: 1}
WITH 1 AS set RETURN set
WITH {set: 1, delete: [1, 2]} AS m RETURN m.set, m['x'], m.delete[0]
OPTIONAL MATCH p = shortestPath((a)-[*..5]-(b)) RETURN length(p), [x IN nodes(p) WHERE x.a IS NOT NULL | x.name]
MATCH (a) CALL (a) { MATCH (a)-->(b) RETURN count(b) AS n } RETURN a, n
MATCH (a) CALL { WITH a MATCH (a)-->(b) RETURN count(b) AS n UNION ALL WITH a RETURN 1 AS n } RETURN a, n
MATCH (a) WHERE EXISTS { (a)-->(:Firm) } AND COUNT { MATCH (a)-->(b) WHERE b.x > 1 RETURN b } > 2 RETURN COLLECT { MATCH (a)-->(b) RETURN b.id }
CALL db.labels() YIELD label AS l WHERE l STARTS WITH 'P' RETURN l
CALL db.relationshipTypes
CALL `db`.`propertyKeys`()
RETURN CASE WHEN 1 > 2 THEN 'a' ELSE 'b' END AS x, CASE 5 WHEN 5 THEN 1 END
UNWIND range(1, 10) AS i WITH i WHERE i % 2 = 0 RETURN sum(i), -i, i ^ 2, [1, 2][0..1]
MATCH ((a)-[:R]->(b)){1,3} RETURN a
MATCH ((a)-[:R]->(b))+ RETURN a
MATCH (a)-[:R]->+(b) RETURN a
EXPLAIN MATCH (n) RETURN n
RETURN all(x IN [1] WHERE x > 0), reduce(a = 0, x IN [1, 2] | a + x), date.truncate('month', date()), 1e5, .5, 0xFF
MATCH (n) RETURN n UNION MATCH (m) RETURN m AS n
MATCH (n:A|B&!C) WHERE n:Person OR n IS Firm RETURN *
MATCH (n) WITH * WHERE n.x = 1 RETURN count(*), n
RETURN "it's // no comment" + 'q"' + 'a\'b SET' AS x // SET
MATCH (n) WHERE (n)-->() RETURN n, [(n)-->(m) | m.name], exists((n)-->())
MATCH (a)-[r]-(b) WHERE type(r) =~ '(?i)x.*' RETURN id(a) <> id(b)
RETURN 'caf\u00e9'
MATCH (a:Firm)<-[:WORKS_AT]-(b WHERE b.name = 'x') RETURN a
RETURN count(DISTINCT 1), collect(DISTINCT {a: 1})
RETURN [x IN [1] | x][0..1], $p.a, $`odd name`
RETURN 1 AS start, 2 AS end, 3 AS stop
MATCH (n) WHERE n.use = 'LOAD CSV' RETURN n.load, n.`LOAD CSV`
/* CREATE */ MATCH (n) // SET n.x = 1
""".strip().splitlines()
READS[-1] += "\nRETURN n"

OTHERS = r"""
CREATE (n)
MATCH (n) SET n.x = 1
MATCH (n) sEt/**/n.x=1
MATCH (n) WITH n AS as DELETE n
MATCH (n) WITH n AS as SET n.x=1
MATCH (as) WITH as DELETE as
WITH 1 AS return DELETE return
MATCH (n) WITH * DELETE n
MATCH (n) WITH * DETACH DELETE n
MATCH (n) WITH DISTINCT DELETE n
MATCH (n) WITH distinct DELETE [n][0]
MATCH ((a)-->(b))+ DELETE a
MATCH (n) RETURN n; MATCH (m) RETURN m
LOAD CSV FROM 'file:///etc/passwd' AS l RETURN l
LOAD/* */CSV FROM 'http://x' AS l RETURN l
load // x
MATCH (n) LOAD CSV FROM 'x' AS l RETURN l
SHOW USERS
SHOW/**/ALL FUNCTIONS
TERMINATE TRANSACTIONS 'x'
ALTER USER neo4j SET PASSWORD 'x'
CALL dbms.listConfig()
CALL `dbms`.`listConfig`()
CALL db.createLabel('x')
CALL db /* */ . /* */ createLabel('x')
CALL apoc.load.json('x') YIELD value RETURN value
CALL $p
RETURN apoc.text.join(['a'],'')
RETURN `apoc`.`load`('x')
RETURN file(), linenumber()
USE neo4j MATCH (n) RETURN n
PROFILE MATCH (n) RETURN n
CYPHER runtime=slotted MATCH (n) RETURN n
MATCH (n) CALL { WITH n SET n.x=1 } RETURN n
MATCH (n) CALL (n) { SET n.x = 1 } IN TRANSACTIONS
MATCH (n) CALL { WITH n RETURN 1 AS x } IN TRANSACTIONS OF 10 ROWS RETURN x
MATCH (n) CALL { WITH n RETURN 1 AS x } IN 4 CONCURRENT TRANSACTIONS RETURN x
FOREACH (x IN [1] | CREATE (:A))
MATCH (n) FOREACH (x IN [1] | SET n.x=1)
MATCH (n) REMOVE n.x
MERGE (n:A)
MATCH (n) RETURN EXISTS { CREATE (m) }
\u0043REATE (n)
MATCH (n) \u0053ET n.x = 1
RETURN '\u0027 CREATE (n) //'
RETURN "\uuu0022 CREATE (n) //"
MATCH (n) // \u000a SET n.x = 1
MATCH (`a\u0060) SET n.x = 1 //`) RETURN 1
RETURN 'abc
MATCH (n RETURN n
MATCH (n]) RETURN n
RETURN /* x
RETURN `x
RETURN $
MATCH (n) RETURN n CREATE (m)
DROP INDEX x
GRANT ROLE x TO y
CREATE INDEX x FOR (n:A) ON (n.b)
MATCH (n) WHERE n.x = 1 SET n.y = 2 RETURN n
MATCH (n) RETURN 1SET
WHEN true THEN CREATE (n)
{ CREATE (n) }
CALL { CREATE (n) }
CALL (*) { MATCH (n) DETACH DELETE n }
INSERT (:A)
MATCH (n) FINISH
RETURN 1 AS set SET
CALL db.labels() YIELD label CREATE (n)
MATCH (n) ORDER BY n.x SET n.x = 1
MATCH (n) WITH n SKIP 0 SET n.x = 1
MATCH (n) WITH n LIMIT 1 DELETE n
MATCH (n) WITH n ORDER BY n.x DESC DELETE n
EXPLAIN CREATE (n)
EXPLAIN EXPLAIN MATCH (n) RETURN n
START n=node(*) RETURN n
STOP DATABASE neo4j
;
// nothing
MATCH (n) DELETE`n`
RETURN 'a'CREATE(n)
MATCH (n) CRE\u00ADATE (m)
""".strip().splitlines()


@pytest.mark.parametrize("text", READS)
def test_reading_passes(text: str):
    check_statement(text)


@pytest.mark.parametrize("text", [*OTHERS, "", "CRE\u00adATE (n)", "MATCH (n)\u200bSET n.x = 1"])
def test_everything_else_is_refused_with_a_sentence(text: str):
    with pytest.raises(QueryRefusedError) as refused:
        check_statement(text)
    assert refused.value.remedy
    assert len(refused.value.message) < 200


@pytest.mark.parametrize(
    ("text", "word", "where"),
    [
        ("MATCH (n)\n  DETACH /* x */ DELETE n", "DETACH", "line 2, column 3"),
        ("CALL\n dbms.components()", "dbms.components", "line 2, column 2"),
        ("RETURN 1,\n\n apoc.x(1)", "apoc.x", "line 3, column 2"),
        ("MATCH (n) RETURN n; CREATE (m)", ";", "line 1, column 19"),
        ("LOAD\tCSV FROM 'x' AS l RETURN l", "LOAD", "line 1, column 1"),
    ],
)
def test_the_sentence_names_the_word_and_its_place(text: str, word: str, where: str):
    with pytest.raises(QueryRefusedError) as refused:
        check_statement(text)
    assert word in refused.value.message
    assert where in refused.value.message


def test_length_is_limited():
    with pytest.raises(QueryRefusedError, match="100001 characters"):
        check_statement("RETURN 1" + " " * (LONGEST - 7))
    check_statement("RETURN 1" + " " * (LONGEST - 8))
