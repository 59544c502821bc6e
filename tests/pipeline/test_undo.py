"""Taking an import out again leaves the graph as if it had never run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from graphmap.ingest import undoing
from graphmap.store import GraphStore, interactions
from tests.pipeline.kit import Cli, Tables, changed, company, current, imported, rows, state_of, write


def second(tables: Tables) -> Tables:
    """New, changed and moved: firms, people, deals, interactions, a new first firm of ours, a domain that gets a firm."""
    tables = changed(tables, "people", "c2", firm="acc02", emails="carla@acme.example", title="Boss")
    tables = changed(tables, "firms", "acc02", owner="r1", parent="", name="Better")
    tables = changed(tables, "opportunities", "o1", status="won", owner="r2")
    tables = changed(tables, "interactions", "s1", participants="from:other@acme.example;to:r2")
    tables = changed(tables, "interactions", "a1", kind="call", at="2026-03-01T00:00:00Z")
    tables = changed(tables, "interactions", "d1", participants="channel:shop;account:acc01")
    more = rows(
        "firms",
        ("a-us", "First Firm", "own", "us2.example"),
        ("acc09", "Nowhere", "account", "nowhere.example"),
    )
    told = rows(
        "interactions", ("n1", "2026-03-03T00:00:00Z", "email", "out", "from:r1;to:zoe@zeta.example;to:c9")
    )
    people = rows("people", ("c9", "Coco", "coco@acme.example", "acc01", "", "", "", "", "c1"))
    return {
        **tables,
        "firms": [*tables["firms"], *more],
        "people": [*tables["people"], *people],
        "interactions": [*tables["interactions"], *told],
    }


def two_imports(cli: Cli, graph: GraphStore, tmp_path: Path) -> tuple[str, object]:
    """A first import, scored; then a second of changed files; returns the second and the state before it."""
    tables = company()
    assert cli("import", write(tmp_path / "first", tables)).code == 0
    before = state_of(graph)
    done = cli("import", write(tmp_path / "second", second(tables)), "--json", import_batch="7")
    assert done.code == 0, done.err
    assert done.json["totals"]["updated"] == 6
    assert state_of(graph)[0] != before[0]
    return done.json["run"]["id"], before


def test_undo_gives_back_digest_and_every_derived_edge(cli: Cli, graph: GraphStore, tmp_path: Path) -> None:
    run, before = two_imports(cli, graph, tmp_path)
    wouldbe = cli("runs", "undo", run, "--dry-run", "--json").json
    assert wouldbe["dry_run"]
    done = cli("runs", "undo", run, "--json")
    assert done.code == 0, done.err
    assert done.json == {**wouldbe, "dry_run": False}
    assert state_of(graph) == before


def test_undo_of_the_first_import_leaves_what_the_second_states(
    cli: Cli, graph: GraphStore, tmp_path: Path
) -> None:
    two_imports(cli, graph, tmp_path)
    after = state_of(graph)
    first = graph.read("MATCH (r:Run {kind: 'import', sequence: 1}) RETURN r.id")[0][0]
    assert cli("runs", "undo", first).code == 0
    imported(cli, tmp_path / "second", "--again")
    again = state_of(graph)
    assert again[0] == after[0]
    assert current(again[1], "WORKS_AT", "PEOPLE", "STATES", "TIE") == current(
        after[1], "WORKS_AT", "PEOPLE", "STATES", "TIE"
    )


def test_undo_of_everything_leaves_nothing(cli: Cli, graph: GraphStore, tmp_path: Path) -> None:
    run = imported(cli, write(tmp_path, company()))["run"]["id"]
    assert cli("runs", "undo", run).code == 0
    for label in ("Firm", "Person", "Identity", "Interaction", "Record", "Opportunity"):
        assert graph.read(f"MATCH (n:{label}) RETURN count(n)") == [(0,)], label


@pytest.mark.parametrize("stop", ["rows", "settling", "page", "after"])
def test_an_interrupted_undo_is_finished_by_the_next(
    stop: str, cli: Cli, graph: GraphStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, before = two_imports(cli, graph, tmp_path)
    monkeypatch.setattr(undoing, "PAGE", 2)
    calls = 0

    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    def second_page(*arguments: Any, **named: Any) -> int:
        nonlocal calls
        calls += 1
        if calls > 1:
            raise KeyboardInterrupt
        return original(*arguments, **named)

    original = interactions.take_back
    with monkeypatch.context() as patch:
        if stop == "rows":
            patch.setattr(undoing, "settle", interrupt)
        elif stop == "settling":
            patch.setattr("graphmap.ingest.settling.renew_about", interrupt)
        elif stop == "page":
            patch.setattr(interactions, "take_back", second_page)
        else:
            patch.setattr("graphmap.store.masterdata.delete_nodes", interrupt)
        assert cli("runs", "undo", run).code == 4
    # What is scored in between is the truth of that moment, never of rows that are gone.
    assert cli("score").code == 0
    done = cli("runs", "undo", run)
    assert done.code == 0, done.err
    assert state_of(graph) == before


def test_undo_of_what_is_no_import_is_refused(cli: Cli, graph: GraphStore, tmp_path: Path) -> None:
    run = imported(cli, write(tmp_path, company(1)))["run"]["id"]
    unknown = cli("runs", "undo", "import-nope", "--json")
    assert unknown.code == 2
    assert unknown.error["code"] == "not-found"
    assert run in unknown.error["remedy"]
    assert cli("runs", "undo", run).code == 0
    assert cli("runs", "undo", run).code == 2
