"""Plans that are carried out, the coverage planner and exposure, from files to answers; on both stores."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from graphmap.store import GraphStore
from tests.pipeline.kit import Cli, counts, rows, write
from tests.services.test_handovers import SITUATIONS


@pytest.fixture
def imported(cli: Cli, tmp_path: Path) -> Cli:
    """The commands over a company with two departments."""
    assert cli("import", write(tmp_path / "first", SITUATIONS["two_departments"])).code == 0
    return cli


def test_a_plan_is_kept_ticked_off_and_measured_by_new_interactions(imported: Cli, tmp_path: Path) -> None:
    cli = imported
    plan = cli("plan", "save", "--leaving", "anna", "--on", "2026-06-30", "--json").json["id"]
    shown = cli("plan", "show", plan, "--json").json
    simulated = cli("simulate", "--leaving", "anna", "--on", "2026-06-30", "--json").json["plan"]
    assert [(c["contact"], [s["text"] for s in c["steps"]]) for c in shown["contacts"]] == [
        (e["contact"], [s["text"] for s in e["steps"]]) for e in simulated
    ]
    assert [c["people"] for c in shown["contacts"]] == [
        [{k: one[k] for k in ("id", "name", "reason")} for one in e["successors"]] for e in simulated
    ]
    numbers = [s["number"] for c in shown["contacts"] for s in c["steps"]]
    assert sorted(numbers) == list(range(1, len(numbers) + 1))
    due = {s["number"]: s["due"] for c in shown["contacts"] for s in c["steps"]}
    assert [due[n] for n in sorted(due)] == sorted(due.values())
    assert {c["progress"]["state"] for c in shown["contacts"]} == {"not_begun"}

    assert cli("plan", "tick", plan, "1", "--author", "Mia").code == 0
    (listed,) = cli("plan", "list", "--json").json
    assert (listed["id"], listed["kind"], listed["done"], listed["steps"]) == (
        plan,
        "handover",
        1,
        len(numbers),
    )
    ticked = [
        s for c in cli("plan", "show", plan, "--json").json["contacts"] for s in c["steps"] if s["done_by"]
    ]
    assert [(s["number"], s["done_by"]) for s in ticked] == [(1, "Mia")]
    # A tick is no progress.
    assert {c["progress"]["state"] for c in cli("plan", "show", plan, "--json").json["contacts"]} == {
        "not_begun"
    }

    since = rows(
        "interactions",
        ("new1", "2026-06-01T09:00:00Z", "meeting", "mutual", "organizer:eva;attendee:carl"),
        ("new2", "2026-06-02T09:00:00Z", "meeting", "mutual", "organizer:anna;attendee:iris"),
    )
    assert cli("import", write(tmp_path / "later", {"interactions": since})).code == 0
    progress = {c["contact"]: c["progress"] for c in cli("plan", "show", plan, "--json").json["contacts"]}
    assert progress["carl"]["state"] == "carried"
    assert progress["carl"]["by"] == {"id": "eva", "name": "Eva Roth"}
    assert (progress["carl"]["interactions"], progress["carl"]["last_at"][:10]) == (1, "2026-06-01")
    assert progress["dora"]["state"] == "not_begun"
    assert cli("plan", "tick", plan, "1", "--undo").code == 0
    assert cli("plan", "list", "--json").json[0]["done"] == 0


def test_a_plan_is_exported_and_shows_names_of_today(imported: Cli, tmp_path: Path) -> None:
    cli = imported
    plan = cli("plan", "save", "--leaving", "anna", "--json").json["id"]
    table = list(csv.DictReader(io.StringIO(cli("plan", "show", plan, "--csv").out)))
    assert [int(line["step"]) for line in table if line["done_by"]] == []
    assert {"Carl Moor", "Dora Lind"} <= {line["contact"] for line in table}
    assert "Eva Roth" in cli("plan", "show", plan).out
    renamed = [
        {**p, "name": "Eva Stern"} if p["id"] == "eva" else p for p in SITUATIONS["two_departments"]["people"]
    ]
    assert (
        cli("import", write(tmp_path / "first", {**SITUATIONS["two_departments"], "people": renamed})).code
        == 0
    )
    told = cli("plan", "show", plan).out
    assert "Eva Roth" not in told
    assert "Eva Stern" in told


def test_wrong_plans_are_refused_in_words(imported: Cli) -> None:
    cli = imported
    for wrong in (
        ("plan", "save"),
        ("plan", "save", "--leaving", "anna", "--cover", "acme"),
        ("plan", "save", "--leaving", "nobody at all"),
        ("plan", "save", "--cover", "brix", "--limit", "100"),
        ("plan", "show", "d-0"),
        ("plan", "tick", "d-0", "1"),
    ):
        told = cli(*wrong)
        assert (told.code, told.out) == (2, ""), wrong
        assert "Remedy" in told.err, wrong
    plan = cli("plan", "save", "--leaving", "anna", "--json").json["id"]
    assert "its steps are 1 to" in cli("plan", "tick", plan, "999").err


def test_introductions_bring_an_account_below_its_limit_by_the_formula_itself(
    imported: Cli, tmp_path: Path
) -> None:
    cli = imported
    before = next(a for a in cli("accounts", "--json").json["accounts"] if a["id"] == "acme")
    told = cli("cover", "acme", "--json").json
    assert told["before"] == pytest.approx(before["dependence"], rel=1e-9)
    assert (told["lower"], told["upper"]) == (before["lower"], before["upper"])
    assert told["limit"] == 60
    assert told["steps"]
    assert told["reached"] == (told["steps"][-1]["dependence_after"] < 60)
    assert not {"iris"} & {s["contact"] for s in told["steps"]}  # she does not want to be contacted
    assert all(s["rep"] in ("eva", "finn") for s in told["steps"])
    rule = cli("cover", "acme", "--json", planning_limit="100").json
    assert (rule["steps"], rule["reached"], rule["exact"], rule["gap"]) == ([], True, True, 0)
    weaker = cli("cover", "acme", "--json", planning_introduction_strength="0.01").json
    assert weaker["introduction_strength"] == 0.01
    assert (weaker["reached"], weaker["gap"]) == (False, None)
    plan = cli("plan", "save", "--cover", "acme", "--json").json["id"]
    shown = cli("plan", "show", plan, "--json").json
    assert (shown["kind"], shown["about"]) == ("coverage", [{"id": "acme", "name": "Acme"}])
    assert [c["contact"] for c in shown["contacts"]] == [s["contact"] for s in told["steps"]]
    assert "gets" in cli("cover", "Acme").out


def test_exposure_is_a_set_in_alphabetical_order_in_one_currency_and_writes_nothing(
    imported: Cli, graph: GraphStore
) -> None:
    cli = imported
    known = counts(graph)
    told = cli("exposure", "-k", "2", "--json").json
    assert [p["name"] for p in told["people"]] == sorted(p["name"] for p in told["people"])
    assert told["currency"] == "EUR"
    assert told["left_out"] == 1  # Brix has no value
    shares = {r["id"]: r["share"] for r in cli("account", "acme", "--json").json["reps"]}
    held = sum(shares[p["id"]] for p in told["people"] if p["id"] in shares)
    assert told["worth"] == pytest.approx(90000 * 0.3 * held / 100)
    for objective in ("disturbed", "stranded"):
        one = cli("exposure", "--objective", objective, "--json").json
        assert one["people"] == [{"id": "anna", "name": "Anna Berg"}]
        assert one["worth"] == 90000
    assert one["firm_absence"]["people"]
    assert "an exposure, not a forecast" in cli("exposure").out
    assert cli("exposure", "--currency", "CHF").code == 2
    assert cli("exposure", "-k", "0").code == 2
    assert counts(graph) == known
