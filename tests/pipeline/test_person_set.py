"""Corrections by humans: facts with author and time that win over every import."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from graphmap.store import GraphStore
from tests.pipeline.kit import Cli, changed, company, imported, write


def work(graph: GraphStore, person: str) -> list[tuple[object, ...]]:
    """Where somebody works as stored."""
    text = "MATCH (:Person {id: $id})-[w:WORKS_AT]->(f:Firm) RETURN f.id, w.title, w.seniority, w.valid_to ORDER BY f.id"
    return graph.read(text, id=person)


def test_a_correction_wins_over_imports_before_and_after_it(
    cli: Cli, graph: GraphStore, tmp_path: Path
) -> None:
    tables = company(3)
    folder = write(tmp_path, tables)
    imported(cli, folder)
    said = cli(
        "person",
        "set",
        "Rob@US.example",
        "--left",
        "2026-01-20",
        "--author",
        "Eve",
        "--reason",
        "moved on",
        "--json",
    )
    assert said.code == 0, said.err
    assert [(d["identity"], d["field"], d["value"], d["author"]) for d in said.json] == [
        ("id:r2", "left", "2026-01-20", "Eve")
    ]
    assert (
        cli("person", "set", "Cara", "--firm", "beta.example", "--title", "Boss", "--seniority", "2").code
        == 0
    )
    wanted = {"r2": [("us", "Engineer", None, "2026-01-20")], "c1": [("acc02", "Boss", 2, None)]}
    assert {who: work(graph, who) for who in wanted} == wanted
    imported(cli, folder, "--again")
    assert {who: work(graph, who) for who in wanted} == wanted
    write(
        tmp_path,
        changed(changed(tables, "people", "c1", title="Founder", name="Caro"), "people", "r2", title="CTO"),
    )
    imported(cli, folder)
    wanted["r2"] = [("us", "CTO", None, "2026-01-20")]
    assert {who: work(graph, who) for who in wanted} == wanted
    assert graph.read("MATCH (p:Person {id: 'c1'}) RETURN p.name, p.title") == [("Caro", "Boss")]
    assert graph.read("MATCH (:Interaction {id: 'a0'})-[:ABOUT]->(f:Firm) RETURN f.id") == [("acc02",)]


def test_a_decision_is_kept_with_author_time_and_reason_and_shown_with_all_that_is_stored(
    cli: Cli, graph: GraphStore, tmp_path: Path
) -> None:
    assert cli("import", write(tmp_path, company(3))).code == 0
    assert cli("person", "set", "c4", "--title", "CIO", "--reason", "card", "--author", "Eve").code == 0
    kept = graph.read(
        "MATCH (d:Decision) RETURN d.kind, d.identity, d.field, d.value, d.author, d.reason, d.at > 0"
    )
    assert kept == [("set", "id:c4", "title", "CIO", "Eve", "card", True)]
    shown: dict[str, Any] = cli("person", "show", "c4", "--all").json
    assert shown["name"] == "Cem"
    assert shown["emails"] == ["cem@acme.example"]
    assert shown["identities"] == ["id:c4", "mail:cem@acme.example"]
    assert [(a["firm"]["id"], a["title"]) for a in shown["affiliations"]] == [
        ("acc01", "CIO"),
        ("acc02", "CIO"),
    ]
    assert [(r["object"], r["line"]) for r in shown["records"]] == [("affiliations", 2), ("people", 7)]
    assert [(d["field"], d["author"], d["reason"]) for d in shown["decisions"]] == [("title", "Eve", "card")]
    assert {i["id"] for i in shown["interactions"]} == {"c0", "c1", "c2", "s2"}
    plain = cli("person", "show", "cem@acme.example")
    assert "CIO at Acme" in plain.out


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("nobody", "--title", "x"), "not-found", 'no person "nobody"'),
        (("c1", "--left", "tomorrow"), "config", "is not a date"),
        (("c1", "--firm", "nowhere"), "not-found", '"nowhere" is not one firm'),
        (("c1",), "config", "nothing to set"),
        (("c1", "--seniority", "9"), "usage", "--seniority"),
    ],
)
def test_a_correction_that_makes_no_sense_is_refused_and_nothing_is_decided(
    arguments: tuple[str, ...], code: str, words: str, cli: Cli, graph: GraphStore, tmp_path: Path
) -> None:
    imported(cli, write(tmp_path, company(1)))
    done = cli("person", "set", *arguments, "--json")
    assert (done.code, done.error["code"]) == (2, code)
    assert words in done.error["message"]
    assert graph.read("MATCH (d:Decision) RETURN count(d)") == [(0,)]


def test_several_people_of_one_name_are_listed_and_an_id_wins_over_a_name(
    cli: Cli, graph: GraphStore, tmp_path: Path
) -> None:
    del graph
    tables = changed(changed(company(1), "people", "c2", name="Cara"), "people", "c3", name="r1")
    imported(cli, write(tmp_path, tables))
    done = cli("person", "show", "Cara", "--json")
    assert done.code == 2
    assert "Cara (c1)" in done.error["message"]
    assert "Cara (c2)" in done.error["message"]
    assert cli("person", "show", "r1", "--json").json["name"] == "Rita"
