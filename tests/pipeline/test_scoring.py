"""Scoring through the command line: assessments, findings, the kept baseline, other dates, order."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from graphmap.services import scoringrun
from graphmap.store import GraphStore, state
from tests.pipeline.kit import Cli, Tables, company, data, imported, rows, write


def many_accounts(number: int, each: int = 2, start: int = 0) -> Tables:
    """Accounts with one contact and some meetings each."""
    firms = [("us", "Us", "own"), *((f"k{k:02d}", f"K{k}", "account") for k in range(number))]
    people = [("r1", "Rita", "", "us"), *((f"p{k:02d}", f"P{k}", "", f"k{k:02d}") for k in range(number))]
    told = [
        (f"i{k}-{n}", f"2026-03-{n + 1:02d}T09:00:00Z", "meeting", "", f"organizer:r1;attendee:p{k:02d}")
        for k in range(number)
        for n in range(start, start + each)
    ]
    return {
        "firms": rows("firms", *firms),
        "people": rows("people", *people),
        "interactions": rows("interactions", *told),
    }


def kept(graph: GraphStore) -> float | None:
    """The stored baseline."""
    found = state.kept_baseline(graph)
    return None if found is None else found[0]


def scored(cli: Cli, *arguments: str, **extra: str) -> dict[str, Any]:
    """Scores and returns what the command says, with the warning beside it."""
    done = cli("score", "--json", *arguments, **extra)
    assert done.code == 0, done.err
    return {**done.json, "warning": done.err}


def test_an_assessment_per_account_with_its_findings_is_stored(
    cli: Cli, graph: GraphStore, tmp_path: Path
) -> None:
    done = cli("import", write(tmp_path, company(20)))
    assert done.code == 0, done.err
    told = cli("accounts", "--json").json
    stored = graph.read(
        "MATCH (a:Assessment {run: $run})-[:OF]->(f:Firm) RETURN f.id, a.status ORDER BY f.id",
        run=told["run"]["id"],
    )
    assert stored == [(a["id"], a["status"]) for a in told["accounts"]]
    assert [a["id"] for a in told["accounts"]] == ["acc01", "acc02", "acc03"]
    text = "MATCH (a:Assessment {run: $run})-[:RAISED]->(g:Finding) RETURN g.firm, g.rule, g.severity, g.sentence"
    findings = {
        (a["id"], f["rule"], f["severity"], f["sentence"]) for a in told["accounts"] for f in a["findings"]
    }
    assert findings
    assert set(graph.read(text, run=told["run"]["id"])) == findings
    flag = next(iter(findings))[1]
    chosen = cli("accounts", "--json", "--flag", flag).json["accounts"]
    assert [a["id"] for a in chosen] == sorted({firm for firm, rule, *_ in findings if rule == flag})


def test_the_default_time_is_the_newest_interaction_that_is_not_in_the_future(
    cli: Cli, tmp_path: Path
) -> None:
    tables = company(6)
    tables["interactions"] += rows(
        "interactions", ("f1", "2099-01-01T00:00:00Z", "meeting", "", "organizer:r1;attendee:c1")
    )
    imported(cli, write(tmp_path, tables))
    newest = max(str(row["at"]) for row in company(6)["interactions"] if str(row["id"])[0] == "d")
    assert scored(cli)["as_of"] == newest
    old = scored(cli, "--as-of", "2026-01-05T12:00:00Z")
    assert old["as_of"] == "2026-01-05T12:00:00+00:00"
    lines = {a["id"]: a for a in cli("accounts", "--json").json["accounts"]}
    assert lines["acc01"]["interactions"] == 1
    assert (lines["acc03"]["status"], lines["acc03"]["dependence"]) == ("no_data", None)
    assert cli("score", "--as-of", "last week", "--json").error["code"] == "config"


def test_the_baseline_is_kept_from_twenty_accounts_on_until_it_is_recalibrated(
    cli: Cli, graph: GraphStore, tmp_path: Path
) -> None:
    imported(cli, write(tmp_path / "a", many_accounts(19)))
    first = scored(cli)["baseline"]
    assert kept(graph) == first
    imported(cli, write(tmp_path / "b", many_accounts(19, each=3, start=2)))
    second = scored(cli)["baseline"]
    assert second > first, "below 20 accounts it is computed anew"
    imported(cli, write(tmp_path / "c", many_accounts(20, each=1, start=5)))
    third = scored(cli)["baseline"]
    imported(cli, write(tmp_path / "d", many_accounts(20, each=20, start=6)))
    later = scored(cli)
    assert (later["baseline"], kept(graph)) == (third, third)
    assert "--recalibrate" in later["warning"]
    given = scored(cli, scoring_baseline="0.25")
    assert (given["baseline"], kept(graph)) == (0.25, third)
    again = scored(cli, "--recalibrate")
    assert again["baseline"] > 2 * third
    assert "warning" not in again["warning"].replace('"warning"', "")
    assert kept(graph) == again["baseline"]


def test_without_a_contact_no_baseline_is_stored(cli: Cli, graph: GraphStore, tmp_path: Path) -> None:
    tables = many_accounts(1)
    tables["interactions"] = rows("interactions", ("i", "2026-01-01T00:00:00Z", "email", "", "from:r1;to:r1"))
    imported(cli, write(tmp_path, tables))
    assert scored(cli)["baseline"] is None
    assert kept(graph) is None


def test_before_anything_is_imported_or_scored_the_remedy_is_said(
    cli: Cli, graph: GraphStore, tmp_path: Path
) -> None:
    del graph
    for arguments in (("accounts",), ("account", "acc01"), ("score",)):
        done = cli(*arguments, "--json")
        assert (done.code, done.error["code"]) == (2, "not-scored"), arguments
        assert done.error["remedy"]
    imported(cli, write(tmp_path, company(1)))
    # An import that was never scored is scored by the next one, also where it has nothing new.
    assert "scored 3 accounts" in cli("import", tmp_path).err
    assert "scored" not in cli("import", tmp_path).err


def test_unknown_never_stands_before_ok_when_sorted_by_dependence(cli: Cli) -> None:
    folder = data("canonical_check")
    as_of = json.loads((folder / "expected.json").read_text(encoding="utf-8"))["as_of"]
    imported(cli, folder)
    scored(cli, "--as-of", as_of)
    order = ("ok", "unknown", "no_data")
    for sort in ("-dependence", "dependence", "-lower", "band"):
        lines = cli("accounts", "--json", "--sort", sort).json["accounts"]
        ranks = [order.index(a["status"]) for a in lines]
        assert ranks == sorted(ranks), sort
    known = [
        a["dependence"]
        for a in cli("accounts", "--json", "--sort", "-dependence", "--status", "ok").json["accounts"]
    ]
    assert known == sorted(known, reverse=True)
    assert cli("accounts", "--sort", "nonsense", "--json").code == 2


def test_a_scoring_run_that_broke_off_is_not_shown(
    cli: Cli, graph: GraphStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    del graph
    imported(cli, write(tmp_path, company(2)))
    first = scored(cli)["run"]

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(scoringrun.assessments, "save_ties", interrupt)
        assert cli("score").code == 4
    assert cli("accounts", "--json").json["run"]["id"] == first
    assert scored(cli)["run"] == cli("accounts", "--json").json["run"]["id"]
