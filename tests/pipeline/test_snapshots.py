"""A full export closes what it no longer holds, if that is little; undo takes it back, reappearing opens it again."""

from __future__ import annotations

from pathlib import Path

import pytest

from graphmap.ingest.vanishing import closing_rows, losses
from graphmap.store import GraphStore
from graphmap.store.masterrows import StoredRow
from tests.pipeline.kit import Cli, Tables, company, current, imported, rows, state_of, write


def big(*without: str) -> Tables:
    """Ten contacts at Acme, eight firms; some left out."""
    tables = company(6)
    more = rows(
        "people",
        *((f"p{n}", f"Person {n}", f"p{n}@acme.example", "acc01") for n in range(10)),
        columns="id name emails firm",
    )
    firms = rows("firms", *((f"f{n}", f"Firm {n}", "account") for n in range(5)), columns="id name kind")
    told = rows(
        "interactions", ("m1", "2026-02-03T10:00:00Z", "meeting", "", "organizer:r1;attendee:p1;attendee:c1")
    )
    tables = {
        **tables,
        "people": [*tables["people"], *more],
        "firms": [*tables["firms"], *firms],
        "interactions": [*tables["interactions"], *told],
        "account_team": rows(
            "account_team", *((f"acc0{n}", "r2", f"role {k}") for n in (1, 2) for k in range(6))
        ),
    }
    return {
        name: [r for r in lines if str(r.get("id", r.get("role"))) not in without]
        for name, lines in tables.items()
    }


def ends(graph: GraphStore, person: str) -> list[tuple[object, object]]:
    return [
        (to, why)
        for to, why in graph.read(
            "MATCH (:Person {id: $id})-[w:WORKS_AT]->(:Firm) RETURN w.valid_to, w.ended_by", id=person
        )
    ]


def test_what_vanished_is_closed_with_its_reason_and_undo_gives_back_all_of_it(
    cli: Cli, graph: GraphStore, tmp_path: Path
) -> None:
    imported(cli, write(tmp_path / "a", big()), "--snapshot")
    before = state_of(graph)
    left = imported(cli, write(tmp_path / "b", big("p1", "p2", "f1", "role 2")), "--snapshot")
    assert [(x["object"], x["vanished"], x["closed"]) for x in left["losses"]] == [
        ("account_team", 2, True), ("firms", 1, True), ("people", 2, True),
    ]  # fmt: skip
    assert graph.read("MATCH ()-[t:SERVES]->() RETURN count(t)") == [(10,)]
    # The day after the last interaction; without one the day of the import.
    assert ends(graph, "p1") == [("2026-02-04", "not in the export of canonical any more")]
    ((today, _),) = ends(graph, "p2")
    assert str(today) > "2026-11-01"
    assert graph.read("MATCH (f:Firm {id: 'f1'}) RETURN f.kind") == [("other",)]
    assert graph.read("MATCH (p:Person {id: 'p1'})-[:KNOWN_AS]->()-[:TOOK_PART]->(i) RETURN count(i)") == [
        (1,)
    ]
    again = imported(cli, tmp_path / "b", "--snapshot", "--again")
    assert [x["object"] for x in again["losses"] if x["closed"]] == []
    assert (again["totals"]["new"], again["totals"]["updated"]) == (0, 0)
    assert cli("runs", "undo", left["run"]["id"]).code == 0
    after = state_of(graph)
    assert (after[0], current(after[1], "TIE")) == (before[0], current(before[1], "TIE"))


def test_who_appears_again_is_there_again(cli: Cli, graph: GraphStore, tmp_path: Path) -> None:
    imported(cli, write(tmp_path / "a", big()), "--snapshot")
    imported(cli, write(tmp_path / "b", big("p1", "f1")), "--snapshot")
    back = imported(cli, tmp_path / "a", "--snapshot", "--again")
    assert back["totals"]["updated"] == 2
    assert ends(graph, "p1") == [(None, None)]
    assert graph.read("MATCH (f:Firm {id: 'f1'}) RETURN f.kind") == [("account",)]


def test_too_much_is_asked_about_and_closed_only_when_it_is_accepted(
    cli: Cli, graph: GraphStore, tmp_path: Path
) -> None:
    imported(cli, write(tmp_path / "a", big()), "--snapshot")
    few = big(*(f"p{n}" for n in range(10)))
    before = state_of(graph)
    asked = cli("import", write(tmp_path / "b", few), "--snapshot", "--json", "--no-score")
    assert asked.code == 1
    (loss,) = [x for x in asked.json["losses"] if x["object"] == "people"]
    assert (loss["vanished"], loss["known"], loss["closed"]) == (10, 16, False)
    assert "--accept-loss" in asked.err
    assert state_of(graph) == before
    imported(cli, tmp_path / "b", "--snapshot", "--accept-loss", "--again")
    assert all(to is not None for n in range(10) for to, _ in ends(graph, f"p{n}"))


def test_nothing_is_closed_by_files_that_are_not_said_to_be_everything(
    cli: Cli, graph: GraphStore, tmp_path: Path
) -> None:
    imported(cli, write(tmp_path / "a", big()))
    assert imported(cli, write(tmp_path / "b", big("p1")))["losses"] == []
    assert ends(graph, "p1") == [(None, None)]


def test_a_file_with_rows_set_aside_closes_nothing(cli: Cli, graph: GraphStore, tmp_path: Path) -> None:
    imported(cli, write(tmp_path / "a", big()), "--snapshot")
    tables = big("p1", "p2")
    tables["people"] = [*tables["people"], {"id": "px", "name": "Xaver", "firm": "nowhere"}]
    broken = imported(cli, write(tmp_path / "b", tables), "--snapshot", code=1)
    assert "people" not in {x["object"] for x in broken["losses"]}
    assert ends(graph, "p1") == [(None, None)]


def row(key: str, kind: str, payload: str) -> StoredRow:
    return StoredRow(f"crm|{kind}|{key}", "crm", kind, kind, "run0", 1, "f", 1, "h", payload, "salesforce")


def test_closing_keeps_an_end_that_is_stated_and_never_puts_one_after_today() -> None:
    gone = [
        row("a", "people", '{"id":"a","name":"A","valid_to":"2020-01-01"}'),
        row("b", "people", '{"id":"b","name":"B"}'),
        row("c", "affiliations", '{"firm":"f","person":"b"}'),
        row("d", "opportunity_roles", '{"opportunity":"o","person":"b"}'),
        row("e", "firms", '{"id":"e","kind":"own","name":"E"}'),
    ]
    made = closing_rows(
        gone, "run1", 100, "2026-05-01", lambda people: {"b": "2026-05-01"} if "b" in people else {}
    )
    assert [m.ordinal for m in made] == [100, 101, 102, 103, 104]
    assert '"valid_to":"2020-01-01"' in made[0].payload
    assert '"valid_to":"2026-05-01"' in made[1].payload
    assert '"valid_to":"2026-05-01"' in made[2].payload
    assert made[3].kind == "gone"
    assert '"kind":"own"' in made[4].payload
    assert all(m.closed and m.run == "run1" for m in made)


@pytest.mark.parametrize(("vanished", "closed"), [(2, True), (3, False), (10, False)])
def test_below_thirty_per_cent_is_closed(vanished: int, closed: bool) -> None:
    now = [row(str(n), "people", "{}") for n in range(10)]
    seen = {one.key for one in now[vanished:]}
    ((loss, gone),) = losses(now, seen, {("crm", "people")}, most=30.0)
    assert (loss.vanished, loss.closed, len(gone)) == (vanished, closed, vanished)
    ((accepted, _),) = losses(now, seen, {("crm", "people")}, most=100.0)
    assert accepted.closed
    assert losses(now, seen, {("crm", "firms")}, most=30.0) == []
