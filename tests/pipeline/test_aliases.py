"""Other ids of one firm or person, account teams, and the names under which addresses were seen."""

from __future__ import annotations

from pathlib import Path

import pytest

from graphmap.config import Settings
from graphmap.services.service import GraphServices
from graphmap.services.values import LOCAL_ADMIN
from graphmap.store import GraphStore
from graphmap.store.digest import digest
from tests.pipeline.kit import (
    Cli,
    Tables,
    changed,
    company,
    current,
    edges,
    imported,
    rows,
    state_of,
    wiped,
    write,
)


@pytest.fixture
def tables() -> Tables:
    """The company, with a merged account, a merged contact and a team."""
    tables = company(3)
    tables = changed(tables, "firms", "acc02", aliases="old02")
    tables = changed(tables, "people", "c2", aliases="lead7; lead8")
    more = rows(
        "firms",
        ("old02", "Beta before the merger", "account", "beta-old.example"),
        columns="id name kind domains",
    )
    loser = rows("people", ("lead7", "Karl", "karl@b.example", "old02"), columns="id name emails firm")
    return {
        **tables,
        "firms": [*tables["firms"], *more],
        "people": [*tables["people"], *loser],
        "account_team": rows("account_team", ("old02", "r2", "engineer"), ("acc01", "r2", "sponsor")),
        "display_names": rows(
            "display_names", ("who@acme.example", "W. Ho"), ("Who@acme.example", "Wanda Ho"), ("cara@acme.example", "Not Cara")
        ),
        "interactions": [
            *tables["interactions"],
            *rows("interactions", ("z1", "2026-01-09T10:00:00Z", "call", "", "caller:r1;callee:lead8", "")),
        ],
    }  # fmt: skip


def test_an_alias_is_the_same_firm_or_person_wherever_it_is_named(
    cli: Cli, graph: GraphStore, tmp_path: Path, tables: Tables
) -> None:
    imported(cli, write(tmp_path, tables))
    assert graph.read("MATCH (f:Firm) WHERE f.id = 'old02' RETURN f.id") == []
    ((name, domains),) = graph.read("MATCH (f:Firm {id: 'acc02'}) RETURN f.name, f.domains")
    assert name == "Beta"
    assert "beta-old.example" in str(domains)
    held = graph.read(
        "MATCH (p:Person)-[:KNOWN_AS]->(x:Identity) WHERE p.id = 'c2' RETURN x.key ORDER BY x.key"
    )
    assert [row[0] for row in held] == [
        "id:c2",
        "id:lead7",
        "id:lead8",
        "mail:carl@acme.example",
        "mail:karl@b.example",
    ]
    assert graph.read("MATCH (i:Interaction {id: 'z1'})-[:ABOUT]->(f) RETURN f.id") != []
    assert edges(graph)["SERVES"] == [
        '["r2", "acc01", "sponsor", "id:r2"]',
        '["r2", "acc02", "engineer", "id:r2"]',
    ]


def test_an_unnamed_contact_of_a_merged_firm_is_that_of_the_firm_it_is_now(
    cli: Cli, graph: GraphStore, any_store_settings: Settings, tmp_path: Path
) -> None:
    order = rows("interactions", ("o1", "2026-03-09T10:00:00Z", "order", "", "owner:r2;account:old02", ""))
    old = rows("firms", ("old02", "Beta before the merger", "account", ""), columns="id name kind domains")
    base = company(3)
    apart = {**base, "firms": [*base["firms"], *old], "interactions": [*base["interactions"], *order]}
    merged = changed(apart, "firms", "acc02", aliases="old02")
    concerned = "MATCH (:Interaction {id: 'o1'})-[:ABOUT]->(f) RETURN f.id"
    imported(cli, write(tmp_path / "apart", apart))
    assert graph.read(concerned) == [("old02",)]
    run = imported(cli, write(tmp_path / "merged", merged))["run"]["id"]
    assert graph.read(concerned) == [("acc02",)]
    assert cli("score", "--as-of", "2026-03-20T00:00:00Z").code == 0
    services = GraphServices(graph, any_store_settings)
    found = services.evidence(LOCAL_ADMIN, "acc02", rep="r2", contact="account:acc02")
    assert [one.id for one in found.interactions] == ["o1"]
    assert [[who.id for who in one.theirs] for one in found.interactions] == [["account:acc02"]]
    assert cli("runs", "undo", run).code == 0
    assert graph.read(concerned) == [("old02",)]
    wiped(graph)
    imported(cli, write(tmp_path / "merged", merged))
    assert graph.read(concerned) == [("acc02",)]


def test_a_display_name_names_only_whom_no_row_names(
    cli: Cli, graph: GraphStore, tmp_path: Path, tables: Tables
) -> None:
    imported(cli, write(tmp_path, tables))
    names = dict(graph.read("MATCH (p:Person) WHERE p.id IN ['who@acme.example', 'c1'] RETURN p.id, p.name"))
    assert names == {"who@acme.example": "Wanda Ho", "c1": "Cara"}


def test_the_files_may_come_one_by_one_in_any_order_and_be_exported_again(
    cli: Cli, graph: GraphStore, tmp_path: Path, tables: Tables
) -> None:
    folder = write(tmp_path / "a", tables)
    imported(cli, folder)
    whole = state_of(graph)
    out = tmp_path / "out"
    assert cli("export", "records", "--out", out).code == 0
    wiped(graph)
    imported(cli, out)
    assert state_of(graph) == whole
    wiped(graph)
    for name in ("firms", "people", "display_names", "account_team", "interactions"):
        imported(cli, folder / f"{name}.csv", "--own-domain", "us.example")
    again = graph.read("MATCH (p:Person {id: 'who@acme.example'}) RETURN p.name")
    assert again == [("Wanda Ho",)]
    assert len(edges(graph)["SERVES"]) == 2


def test_undo_takes_names_and_teams_out_again(
    cli: Cli, graph: GraphStore, tmp_path: Path, tables: Tables
) -> None:
    plain = {k: v for k, v in tables.items() if k not in ("account_team", "display_names")}
    imported(cli, write(tmp_path / "a", plain))
    before = digest(graph), current(edges(graph), "TIE")
    more = write(tmp_path / "b", {k: tables[k] for k in ("account_team", "display_names")})
    run = imported(cli, more)["run"]["id"]
    assert edges(graph)["SERVES"] != []
    assert cli("runs", "undo", run).code == 0
    assert (digest(graph), current(edges(graph), "TIE")) == before
