"""Laws of importing: again, changed, reordered, split, exported and imported."""

from __future__ import annotations

from pathlib import Path

import pytest

from graphmap.store import GraphStore
from graphmap.store.digest import digest
from tests.pipeline.kit import (
    Cli,
    changed,
    company,
    counts,
    current,
    edges,
    imported,
    rows,
    state_of,
    wiped,
    write,
)


def test_importing_the_same_files_again_writes_nothing(cli: Cli, graph: GraphStore, tmp_path: Path) -> None:
    folder = write(tmp_path, company())
    first = imported(cli, folder)
    assert first["totals"]["new"] == first["totals"]["read"]
    before, how_many = state_of(graph), counts(graph)
    second = imported(cli, folder)
    assert second["run"]["id"] is None
    assert all(file["skipped"] and file["unchanged"] == file["read"] for file in second["files"])
    assert (state_of(graph), counts(graph)) == (before, how_many)
    third = imported(cli, folder, "--again")
    assert third["totals"]["unchanged"] == third["totals"]["read"]
    assert not any(file.get("skipped") for file in third["files"])
    assert (state_of(graph), counts(graph)) == (before, how_many)
    assert graph.read("MATCH (r:Run {id: $id}) RETURN r.batches", id=third["run"]["id"]) == [(0,)]


def test_a_changed_row_and_a_changed_interaction_replace_what_was_stored(
    cli: Cli, graph: GraphStore, tmp_path: Path
) -> None:
    tables = company()
    folder = write(tmp_path, tables)
    imported(cli, folder)
    tables = changed(tables, "people", "c2", name="Carla", firm="acc02", emails="carla@acme.example")
    tables = changed(tables, "firms", "acc01", owner="r2", kind="partner")
    tables = changed(
        tables, "interactions", "a3", kind="call", participants="caller:r2;callee:c3;callee:new@b.example"
    )
    tables = changed(tables, "interactions", "s1", participants="from:carl@acme.example;to:r1")
    write(tmp_path, tables)
    balance = imported(cli, folder)
    assert (balance["totals"]["updated"], balance["totals"]["new"]) == (4, 0)
    assert graph.read("MATCH (p:Person {id: 'c2'})-[:WORKS_AT]->(f:Firm) RETURN p.name, f.id") == [
        ("Carla", "acc02")
    ]
    assert graph.read("MATCH (p:Person)-[:OWNS]->(f:Firm {id: 'acc01'}) RETURN p.id, f.kind") == [
        ("r2", "partner")
    ]
    people = graph.read(
        "MATCH (i:Interaction {id: 'a3'})<-[t:TOOK_PART]-(x:Identity) RETURN i.kind, t.role, x.key ORDER BY t.place"
    )
    assert people == [
        ("call", "caller", "id:r2"),
        ("call", "callee", "id:c3"),
        ("call", "callee", "mail:new@b.example"),
    ]
    assert graph.read("MATCH (:Interaction {id: 'a3'})-[:ABOUT]->(f:Firm) RETURN f.id") == [("acc02",)]
    # The address is not Carla's any more, and nobody is left who was only in the version that was replaced.
    assert graph.read(
        "MATCH (p:Person)-[:KNOWN_AS]->(:Identity {key: 'mail:carl@acme.example'}) RETURN p.made"
    ) == [(True,)]
    assert not graph.read("MATCH (x:Identity {key: 'mail:lost@nowhere.example'}) RETURN x.key")
    stored = state_of(graph)
    wiped(graph)
    imported(cli, write(tmp_path / "fresh", tables))
    again = state_of(graph)
    assert again[0] == stored[0]
    assert _without_place(again[1]) == _without_place(stored[1])


def _without_place(found: dict[str, list[str]]) -> dict[str, list[str]]:
    """Precedence counts runs, and hashes contain it: both differ between one import and two."""
    return current(found, "WORKS_AT", "PEOPLE", "FIRMS", "STATES")


def test_the_order_of_paths_and_of_files_in_folders_does_not_matter(
    cli: Cli, graph: GraphStore, tmp_path: Path
) -> None:
    tables = company()
    folder = write(tmp_path / "one", tables)
    imported(cli, folder)
    whole = state_of(graph)
    wiped(graph)
    imported(cli, *(folder / f"{name}.csv" for name in ("interactions", "people", "opportunity_roles", "firms")),
             *(folder / f"{name}.csv" for name in ("opportunities", "affiliations")))  # fmt: skip
    assert state_of(graph) == whole
    half = len(tables["interactions"]) // 2
    wiped(graph)
    write(tmp_path / "two", {**tables, "interactions": tables["interactions"][half:]})
    write(tmp_path / "more", {"interactions": tables["interactions"][:half]})
    imported(cli, tmp_path / "two", tmp_path / "more")
    assert state_of(graph) == whole


@pytest.mark.parametrize(("format_", "out"), [("csv", "out"), ("jsonl", "out.zip")])
def test_what_is_exported_as_records_comes_back_the_same(
    format_: str, out: str, cli: Cli, graph: GraphStore, tmp_path: Path
) -> None:
    imported(cli, write(tmp_path / "in", company()))
    before = state_of(graph)
    written = cli("export", "records", "--out", tmp_path / out, "--format", format_, "--json")
    assert written.code == 0, written.err
    assert written.json["count"] == sum(len(table) for table in company().values())
    wiped(graph)
    balance = imported(cli, tmp_path / out)
    assert balance["totals"]["new"] == balance["totals"]["read"] == written.json["count"]
    again = state_of(graph)
    assert again[0] == before[0]
    assert current(again[1], "STATES") == current(before[1], "STATES")


def test_within_one_import_the_first_row_of_an_id_counts_and_the_balance_says_so(
    cli: Cli, graph: GraphStore, tmp_path: Path
) -> None:
    tables = company(2)
    first = tables["interactions"][0]
    tables["interactions"] += [dict(first), {**first, "kind": "call"}]
    tables["people"].append({**tables["people"][0], "name": "Second"})
    done = cli("import", write(tmp_path, tables), "--json", "--no-score")
    assert done.code == 1
    files = {Path(file["path"]).stem: file for file in done.json["files"]}
    assert files["interactions"]["duplicate"] == 2
    assert files["people"]["quarantined"] == {"taken_id": 1}
    assert "conflicting_duplicate: 1" in done.err
    assert graph.read("MATCH (i:Interaction {id: 'a0'}) RETURN i.kind") == [("email",)]
    assert graph.read("MATCH (p:Person {id: 'r1'}) RETURN p.name") == [("Rita",)]


def test_while_no_source_lists_firms_a_domain_is_an_account(
    cli: Cli, graph: GraphStore, tmp_path: Path
) -> None:
    mails = rows(
        "interactions",
        ("m1", "2026-01-01T00:00:00Z", "email", "", "from:a@us.example;to:b@acme.example"),
        ("m2", "2026-01-02T00:00:00Z", "email", "", "from:c@beta.example;to:a@us.example;cc:d@acme.example"),
    )
    imported(cli, write(tmp_path, {"interactions": mails}), "--own-domain", "us.example", import_batch="1")
    assert graph.read("MATCH (f:Firm) RETURN f.id, f.kind ORDER BY f.id") == [
        ("acme.example", "account"), ("beta.example", "account"), ("us.example", "own"),
    ]  # fmt: skip
    before = edges(graph)
    imported(cli, tmp_path, "--again")
    assert edges(graph) == before
    assert digest(graph)
