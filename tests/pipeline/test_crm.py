"""CRM exports from files to the graph, together with a mailbox, and again."""

from __future__ import annotations

from pathlib import Path

from graphmap.store import GraphStore
from tests.pipeline.kit import Cli

GOLDEN = Path(__file__).parents[1] / "importers" / "golden"


def test_a_salesforce_export_and_a_mailbox_become_one_graph(
    cli: Cli, graph: GraphStore, tmp_path: Path
) -> None:
    (tmp_path / "Sent.mbox").write_text(
        "From a Sat Mar  2 08:15:00 2024\nFrom: anna@ours.example\nTo: eva.ember@acme-tools.example\n"
        "Date: Sat, 2 Mar 2024 08:15:00 +0000\nMessage-ID: <abc1@OURS.example>\n\nwords\n"
    )
    done = cli(
        "import", GOLDEN / "salesforce", tmp_path / "Sent.mbox", "--own-domain", "ours.example", "--json"
    )
    assert done.code == 1, done.err
    assert done.json["totals"]["quarantined"] == {"salesforce_id": 3, "date": 1}
    assert graph.read("MATCH (i:Interaction {id: 'mail:abc1@ours.example'}) RETURN count(i)") == [(1,)]
    assert graph.read(
        "MATCH (p:Person)-[:WORKS_AT]->(f:Firm {id: 'salesforce:own'}) RETURN p.name ORDER BY p.name"
    ) == [("Anna Alm",), ("Max Moor",)]
    assert graph.read("MATCH (p:Person)-[:KNOWN_AS]->({key: 'mail:eva.ember@acme-tools.example'}) RETURN p.name") == [("Eva Ember",)]  # fmt: skip
    assert graph.read("MATCH (p:Person)-[t:SERVES]->(f:Firm) RETURN p.name, f.name, t.role") == [
        ("Max Moor", "Acme Tools", "Executive Sponsor")
    ]
    again = cli("import", GOLDEN / "salesforce", "--own-domain", "ours.example", "--again", "--json")
    # What the mailbox told of the same mail with other participants is a statement of its own.
    assert (again.json["totals"]["new"], again.json["totals"]["updated"]) == (0, 0)


def test_a_hubspot_export_becomes_a_graph_and_changes_nothing_the_second_time(
    cli: Cli, graph: GraphStore
) -> None:
    wish = ("import", GOLDEN / "hubspot", "--own-domain", "ours.example", "--json")
    done = cli(*wish)
    assert done.code == 1, done.err
    assert done.json["totals"]["quarantined"] == {"hubspot_id": 2, "date": 1}
    assert done.json["totals"]["new"] > 10
    assert graph.read(
        "MATCH (:Person {id: 'hubspot:contact:101'})-[:WORKS_AT]->(f:Firm) RETURN f.name ORDER BY f.name"
    ) == [("Acme Tools",), ("Beta Foods",)]
    assert graph.read("MATCH (p:Person)-[:ROLE_IN]->(o:Opportunity) RETURN p.name ORDER BY p.name") == [
        ("Eva Ember",),
        ("Otto Onyx",),
    ]
    again = cli(*wish, "--again")
    assert (again.json["totals"]["new"], again.json["totals"]["updated"]) == (0, 0)


def test_a_dynamics_export_becomes_a_graph_and_changes_nothing_the_second_time(
    cli: Cli, graph: GraphStore
) -> None:
    wish = ("import", GOLDEN / "dynamics", "--own-domain", "ours.example", "--json")
    done = cli(*wish)
    assert done.code == 1, done.err
    assert done.json["totals"]["quarantined"] == {"dynamics_id": 2}
    acme = "dynamics:a0000000-0000-4000-8000-000000000001"
    assert graph.read("MATCH (p:Person)-[:OWNS]->(f:Firm {id: $id}) RETURN p.name", id=acme) == [
        ("Anna Alm",)
    ]
    assert graph.read(
        "MATCH (i:Interaction)-[:ABOUT]->(f:Firm {id: $id}) RETURN count(DISTINCT i)", id=acme
    ) == [(5,)]
    ((left,),) = graph.read("MATCH (p:Person {name: 'Otto Ost'})-[w:WORKS_AT]->() RETURN w.valid_to")
    assert left == "2024-02-01"
    again = cli(*wish, "--again")
    assert (again.json["totals"]["new"], again.json["totals"]["updated"]) == (0, 0)


def test_a_pipedrive_export_becomes_a_graph_and_changes_nothing_the_second_time(
    cli: Cli, graph: GraphStore
) -> None:
    wish = ("import", GOLDEN / "pipedrive", "--own-domain", "ours.example", "--json")
    done = cli(*wish)
    assert done.code == 1, done.err
    assert done.json["totals"]["quarantined"] == {"pipedrive_id": 1, "date": 1, "time": 1}
    assert graph.read(
        "MATCH (p:Person)-[:WORKS_AT]->(f:Firm {name: 'Acme'}) WHERE p.name = 'Eva Ember' RETURN f.id"
    ) == [("pipedrive:organization:1",)]
    assert graph.read("MATCH (i:Interaction) RETURN count(i)") == [(4,)]
    again = cli(*wish, "--again")
    assert (again.json["totals"]["new"], again.json["totals"]["updated"]) == (0, 0)
