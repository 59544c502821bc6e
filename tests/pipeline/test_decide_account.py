"""What a human sets about an account wins over every import, and can be taken back."""

from __future__ import annotations

from pathlib import Path

from graphmap.store import GraphStore
from tests.pipeline.kit import Cli, changed, company, current, imported, state_of, write


def test_corrections_win_over_imports_and_undo_gives_back_what_was(
    cli: Cli, graph: GraphStore, tmp_path: Path
) -> None:
    tables = company(6)
    assert cli("import", write(tmp_path / "a", tables)).code == 0
    before = state_of(graph)
    done = cli(
        "decide", "account", "Acme", "--owner", "rob@us.example", "--value", "5000", "--currency", "CHF", "--renewal-on", "2027-03-31",
        "--industry", "Steel", "--name", "Acme Group", "--reason", "from the contract", "--json",
    )  # fmt: skip
    assert done.code == 0, done.err
    told = next(a for a in cli("accounts", "--json").json["accounts"] if a["id"] == "acc01")
    assert (told["name"], told["owner"]["id"], told["annual_value"], told["currency"]) == (
        "Acme Group",
        "r2",
        5000.0,
        "CHF",
    )
    imported(cli, write(tmp_path / "b", changed(tables, "firms", "acc01", name="ACME Inc", annual_value=1)))
    ((name, value, industry, renewal),) = graph.read(
        "MATCH (f:Firm {id: 'acc01'}) RETURN f.name, f.annual_value, f.industry, f.renewal_on"
    )
    assert (name, value, industry, renewal) == ("Acme Group", 5000.0, "Steel", "2027-03-31")
    imported(cli, tmp_path / "a", "--again")
    for decision in done.json:
        assert cli("decide", "undo", decision["id"]).code == 0
    assert current(state_of(graph)[1], "TIE", "STATES", "FIRMS") == current(
        before[1], "TIE", "STATES", "FIRMS"
    )
    assert graph.read("MATCH (f:Firm {id: 'acc01'}) RETURN f.name, f.annual_value") == [("Acme", 1000.0)]


def test_a_domain_known_only_by_mail_becomes_an_account_in_one_step(
    cli: Cli, graph: GraphStore, tmp_path: Path
) -> None:
    tables = company(6)
    assert cli("import", write(tmp_path / "a", tables)).code == 0
    assert "nowhere.example" not in {a["id"] for a in cli("accounts", "--json").json["accounts"]}
    assert cli("decide", "account", "nowhere.example", "--reason", "x", "--name", "y").code == 2
    assert (
        cli("decide", "account", "nowhere.example", "--kind", "account", "--reason", "a customer").code == 0
    )
    assert "nowhere.example" in {a["id"] for a in cli("accounts", "--json").json["accounts"]}
    assert graph.read("MATCH (:Person {id: 'lost@nowhere.example'})-[:WORKS_AT]->(f:Firm) RETURN f.id") == [
        ("nowhere.example",)
    ]
    assert graph.read(
        "MATCH (i:Interaction {id: 's1'})-[:ABOUT]->(f:Firm {id: 'nowhere.example'}) RETURN count(f)"
    ) == [(1,)]
    imported(cli, tmp_path / "a", "--again")
    assert graph.read("MATCH (f:Firm {id: 'nowhere.example'}) RETURN f.kind") == [("account",)]
    (decision,) = [d for d in cli("decide", "list", "--json").json if d["kind"] == "set"]
    assert (decision["field"], decision["value"]) == ("kind", "account")
    assert cli("decide", "undo", decision["id"]).code == 0
    assert graph.read("MATCH (f:Firm {id: 'nowhere.example'}) RETURN f.id") == []


def test_what_cannot_be_is_refused_in_words(cli: Cli, tmp_path: Path) -> None:
    assert cli("import", write(tmp_path / "a", company(3))).code == 0
    for wrong in (
        ("acc01", "--owner", "nobody"), ("acc01", "--renewal-on", "soon"), ("acc01", "--parent", "none"), ("acc01",),
        ("no firm", "--kind", "account"), ("acc01", "--name", "x", "--until", "2027-01-01"),
    ):  # fmt: skip
        done = cli("decide", "account", *wrong, "--reason", "x")
        assert (done.code, "Remedy" in done.err) == (2, True), wrong
